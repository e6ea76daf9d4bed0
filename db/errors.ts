import { DatabaseDeadline } from './client.ts';

/** Codes of the driver and of Node for a server that is absent or has gone. */
const CONNECTION = new Set([
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

/**
 * SQLSTATEs of a server that can serve no statement at the moment: connection trouble, resources, shutting down or
 * starting, a statement or a lock that took too long, a transaction to try again, a server that only reads or refuses us, a
 * broken disk, a pooler that has lost a prepared statement. Every other SQLSTATE is about the statement itself: see isPermanent.
 */
const STATES = /^(?:(?:08|28|53|57|58|F0|XX).{3}|25006|25P0[234]|26000|3D000|40001|40003|40P01|42P05|55006|55P03)$/;

/** Codes of the driver for a wrong statement. */
const WRONG = new Set(['UNDEFINED_VALUE', 'MAX_PARAMETERS_EXCEEDED', 'NOT_TAGGED_CALL', 'UNSAFE_TRANSACTION']);

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/**
 * Whether an error means that the database is not available at the moment. It is then unknown whether the statement took effect.
 */
export function isDatabaseTrouble(error: unknown): boolean {
  if (error instanceof DatabaseDeadline) return true;
  const code = codeOf(error) ?? '';
  return CONNECTION.has(code) || STATES.test(code);
}

/**
 * Whether a step fails the same way at each try: PostgreSQL cannot store the values (classes 22, 23, 54), or a rule or the code
 * is broken (0A, 21, 2F, 42, P0, HF and the like, or a TypeError). The failed step has changed nothing.
 */
export function isPermanent(error: unknown): boolean {
  if (isDatabaseTrouble(error)) return false;
  if (sqlState(error) !== undefined || WRONG.has(codeOf(error) ?? '')) return true;
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind);
}

/** The name of a permanent error in alerts: its SQLSTATE, or its kind. The name quotes no data. */
export const nameOfError = (error: unknown): string =>
  sqlState(error) ?? codeOf(error) ?? (error instanceof Error ? error.name : 'an unknown error');

/** The SQLSTATE of an error of the server, a broken constraint for example. */
export function sqlState(error: unknown): string | undefined {
  const isOne = error instanceof Error && error.name === 'PostgresError' && 'code' in error;
  return isOne && typeof error.code === 'string' ? error.code : undefined;
}

/** An error for a log. A database error may quote its row, with a link in it: only code and message are kept. */
export function errorForLog(error: Error): {
  type: string;
  code?: string;
  message: string;
  stack?: string | undefined;
} {
  const state = sqlState(error);
  const { name, message, stack } = error;
  return state === undefined ? { type: name, message, stack } : { type: 'PostgresError', code: state, message, stack };
}

/** Turns a broken constraint into the caller's error; every other error stays as it is. */
export const onState = (state: string, refusal: () => Error) => (error: unknown) => {
  if (sqlState(error) === state) throw refusal();
  throw error;
};
