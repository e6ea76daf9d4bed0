import { HoldfastProblem, HoldfastUnreachable } from '../../client/index.ts';
import { WrongEnvironment } from '../../db/settings/environment.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Sent } from './sent.ts';

/** The command line is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An engine that a command needs cannot be reached. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** Why a command did not succeed, for the line on standard error and the value of `--json`. */
export interface Failure {
  readonly exit: ExitCode;
  /** The problem's code as the API has it, or one of our own: `usage`, `unreachable`, `failed`. */
  readonly code: string;
  readonly detail: string;
  /** Names the request in the operator's logs. */
  readonly requestId?: string | undefined;
}

/** What the request of the command would have done. */
export interface Asked {
  /** Whether the request changes something. */
  readonly changes: boolean;
  /** Whether a try of it may have reached the API. */
  readonly sent: Sent;
}

/** Sorts an error into the table of exit codes. */
export function failureOf(error: unknown, asked: Asked): Failure {
  if (error instanceof UsageError || error instanceof WrongEnvironment)
    return { exit: EXIT.usage, code: 'usage', detail: error.message };
  if (error instanceof Unreachable) return { exit: EXIT.unreachable, code: 'unreachable', detail: error.message };
  if (error instanceof HoldfastProblem) return refusal(error, asked);
  if (error instanceof HoldfastUnreachable) return noAnswer(error, asked);
  return { exit: EXIT.failed, code: 'failed', detail: error instanceof Error ? error.message : String(error) };
}

function refusal(problem: HoldfastProblem, { changes }: Asked): Failure {
  const { status, code, detail, errors, requestId } = problem;
  const fields = errors.map(({ path, message }) => (path === '' ? message : `${path} ${message}`));
  const says = fields.length === 0 ? detail : `${detail} (${fields.join('; ')})`;
  const exit = code === 'overloaded' || status < 500 ? EXIT.refused : serverError(status, changes);
  return { exit, code: code ?? `http_${status}`, detail: says, requestId };
}

/** After an error of the server or of a proxy, a change may have been made all the same. */
function serverError(status: number, changes: boolean): ExitCode {
  if (changes) return EXIT.unknown;
  return status === 500 ? EXIT.failed : EXIT.unreachable;
}

function noAnswer({ message, cause }: HoldfastUnreachable, { changes, sent }: Asked): Failure {
  const why = reasonOf(cause);
  const detail = why === undefined ? message : `${message}: ${why}`;
  if (changes && sent.mayHaveArrived) return { exit: EXIT.unknown, code: 'outcome_unknown', detail };
  return { exit: EXIT.unreachable, code: 'unreachable', detail };
}

/** `fetch` says only that it failed; the reason is the cause of its error. */
function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return cause.message === '' ? code : cause.message;
}
