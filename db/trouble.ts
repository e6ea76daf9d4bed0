import { DatabaseDeadline } from './client.ts';

/** Codes of the driver and of Node for a server that is not there, or went away. */
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
 * SQLSTATEs of a server that cannot serve now: connection trouble, resources, shutting down or starting, a statement or a
 * lock that took too long, a transaction to try again, a server that only reads.
 */
const STATES = /^(08...|53...|57P0.|57014|55P03|40001|40P01|25006|25P0[34])$/;

/**
 * Whether an error means that the database cannot be worked with at the moment; everything else is a bug or a broken
 * rule. Whether the statement took effect is then not known.
 */
export function isDatabaseTrouble(error: unknown): boolean {
  if (error instanceof DatabaseDeadline) return true;
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  return CONNECTION.has(error.code) || STATES.test(error.code);
}

/** The SQLSTATE of an error of the server, as of a broken constraint. */
export function sqlState(error: unknown): string | undefined {
  const isOne = error instanceof Error && error.name === 'PostgresError' && 'code' in error;
  return isOne && typeof error.code === 'string' ? error.code : undefined;
}

/** An error for a log. One of the database may quote the row it concerns, with a link in it: its code and message are kept. */
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

/** A broken constraint as what its caller got wrong; every other error as it is. */
export const onState = (state: string, refusal: () => Error) => (error: unknown) => {
  if (sqlState(error) === state) throw refusal();
  throw error;
};
