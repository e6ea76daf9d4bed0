import type { FC } from 'hono/jsx';
import type { Alert } from '../../../client/openapi.ts';

/** Where the subjects of alerts lead: `provider:3`, `route:7-2`, `word:3:Odd`. */
const OF_ALERTS: readonly (readonly [RegExp, string])[] = [
  [/^order:(\d+)$/, '/ops/orders/'],
  [/^provider:(\d+)$/, '/ops/providers/'],
  [/^word:(\d+):/, '/ops/providers/'],
  [/^service:(\d+)$/, '/ops/services/'],
  [/^route:(\d+)-/, '/ops/services/'],
];

/** Where the subjects of the audit log lead: `accounts/1001/keys`. */
const OF_AUDIT = /^(accounts|orders|providers|services)\/(\d+)(\/|$)/;

/** The page of a subject; undefined when it has none. */
export function pageOfSubject(subject: string): string | undefined {
  const [, place, id] = OF_AUDIT.exec(subject) ?? [];
  if (place !== undefined) return `/ops/${place}/${id}`;
  for (const [pattern, page] of OF_ALERTS) {
    const found = pattern.exec(subject)?.[1];
    if (found !== undefined) return page + found;
  }
  return undefined;
}

/** The page where staff deal with an alert; undefined when there is none. */
export function pageOfAlert({ kind, subject }: Pick<Alert, 'kind' | 'subject'>): string | undefined {
  if (kind === 'ledger_drift') return '/ops/books';
  const page = pageOfSubject(subject);
  return kind === 'provider_takes_back' && page !== undefined ? `${page}/held` : page;
}

interface SubjectProps {
  readonly of: string;
  readonly name?: string | null;
  /** Where it leads; by default to its own page. */
  readonly page?: string | undefined;
}

/** What an entry of the audit log or an alert is about, as a link; with its name, when that is known. */
export const Subject: FC<SubjectProps> = ({ of, name = null, page = pageOfSubject(of) }) => {
  const text = name ?? of;
  return (
    <span>
      {page === undefined ? text : <a href={page}>{text}</a>}
      {name === null ? '' : <span class="quiet"> {of}</span>}
    </span>
  );
};

export const AlertSubject: FC<{ alert: Alert }> = ({ alert }) => (
  <Subject
    of={alert.kind === 'ledger_drift' ? 'the books' : alert.subject}
    name={alert.subjectName}
    page={pageOfAlert(alert)}
  />
);
