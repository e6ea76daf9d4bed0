import { type Finding, skipped, unknown } from './finding.ts';
import { EngineDown, type Installation } from './installation.ts';
import { TimeLimit, withLimit } from './time-limit.ts';

/** One thing that `doctor` looks at. */
export interface Check {
  readonly name: string;
  /** Reads a little, and judges it. An error becomes an `unknown` finding. */
  readonly run: (installation: Installation) => Promise<readonly Finding[]>;
}

/** A check: a small reading, and a pure judgement of it. */
export const check = <R>(
  name: string,
  read: (installation: Installation) => Promise<R>,
  judge: (reading: R) => readonly Finding[],
): Check => ({ name, run: async (installation) => judge(await read(installation)) });

/** A finding with the name of its check. */
export type CheckedFinding = Finding & { readonly check: string };

/** SQLSTATEs of a table, column or function that is not there, and of a schema that is not. */
const NOT_AT_THIS_VERSION = /^(?:42P01|42703|42883|3F000)$/;
/** PERMISSION_DENIED and UNIMPLEMENTED of gRPC, and the SQLSTATE of a missing right: a managed server does not show everything. */
const NOT_SHOWN = /^(?:7|12|42501)$/;

/** The finding of a check that failed. */
function afterError(error: unknown, limitMs: number): Finding {
  if (error instanceof EngineDown) return unknown(`not known while ${error.engine} does not answer`);
  if (error instanceof TimeLimit) return unknown(`no answer within ${limitMs / 1000} s`);
  if (!(error instanceof Error)) return unknown(String(error));
  const code = 'code' in error ? String(error.code) : '';
  if (NOT_AT_THIS_VERSION.test(code)) return unknown('not known while the database is not at this version');
  return NOT_SHOWN.test(code) ? skipped(`this user may not see it: ${error.message}`) : unknown(error.message);
}

/** Runs all checks together, each with its time limit. A check that fails stops no other. */
export async function examine(
  checks: readonly Check[],
  installation: Installation,
  limitMs: number,
): Promise<readonly CheckedFinding[]> {
  const findings = checks.map(async ({ name, run }) => {
    try {
      const found = await withLimit(limitMs, run(installation));
      return found.map((finding) => ({ check: name, ...finding }));
    } catch (error) {
      return [{ check: name, ...afterError(error, limitMs) }];
    }
  });
  return (await Promise.all(findings)).flat();
}
