import { HTTPException } from 'hono/http-exception';
import { isDatabaseTrouble, sqlState } from '../../db/errors.ts';
import { type ErrorCode, Refusal } from '../../domain/errors.ts';
import type { Deps } from '../deps.ts';
import { InvalidRequest } from './problems.ts';

/** The codes for errors that hono's own middleware throws. */
const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'malformed_body',
  404: 'not_found',
  413: 'body_too_large',
  415: 'unsupported_media_type',
};

/** Values that PostgreSQL cannot hold: a number out of range, text with a zero byte, more than an index can take. */
const UNSTORABLE = /^(?:22001|22003|22008|22021|22P05|54000)$/;

/** The refusal that a caller gets for an error of a handler. An error of our own is logged and not shown. */
export function asRefusal(error: unknown, log: Deps['log'], requestId: string): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof HTTPException) return new Refusal(BY_STATUS[error.status] ?? 'internal');
  if (isDatabaseTrouble(error)) {
    log.warn({ err: error, requestId }, 'PostgreSQL is unavailable');
    return new Refusal('unavailable');
  }
  if (UNSTORABLE.test(sqlState(error) ?? '')) {
    return new InvalidRequest([{ path: '', message: 'has a value that cannot be stored' }]);
  }
  log.error({ err: error, requestId }, 'request failed with an unexpected error');
  return new Refusal('internal');
}
