import { z } from 'zod';

/** What `npm audit --json` answered. */
export type Audit =
  /** The registry knows nothing serious about any package. */
  | { readonly kind: 'clean' }
  /** A line for each package with a serious advisory. */
  | { readonly kind: 'found'; readonly lines: readonly string[] }
  /** The registry did not answer, so nothing is known. */
  | { readonly kind: 'unanswered'; readonly why: string };

const via = z.union([z.string(), z.object({ title: z.string(), url: z.string() })]);

const report = z.object({
  auditReportVersion: z.number(),
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string(), range: z.string(), via: z.array(via) })),
});

const failure = z.object({ message: z.string() });

const SERIOUS: readonly string[] = ['high', 'critical'];

/** Judges the answer. Text that is neither a report nor an error counts as unanswered, never as clean. */
export function judgeAudit(text: string): Audit {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return { kind: 'unanswered', why: text.trim().split('\n').at(-1) ?? '' };
  }
  const { success, data } = report.safeParse(answer);
  if (!success) return { kind: 'unanswered', why: failure.safeParse(answer).data?.message ?? 'no report' };
  const lines = Object.entries(data.vulnerabilities)
    .filter(([, { severity }]) => SERIOUS.includes(severity))
    .map(([name, { severity, range, via: reasons }]) => {
      const why = reasons.map((reason) =>
        typeof reason === 'string' ? `by ${reason}` : `${reason.title} ${reason.url}`,
      );
      return `${name} ${range}: ${severity}: ${why.join('; ')}`;
    });
  return lines.length === 0 ? { kind: 'clean' } : { kind: 'found', lines };
}
