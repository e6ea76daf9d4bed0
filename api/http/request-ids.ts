import { randomUUID } from 'node:crypto';
import { createMiddleware } from 'hono/factory';
import { inLogContext } from '../../net/log-context.ts';
import { readId } from '../v1/ids.ts';
import type { ApiEnv } from './context.ts';
import { hasSecret } from './shown-path.ts';

/** Longest id of a caller that is kept. */
const MOST = 128;

/** Printable and without spaces, so that an id cannot forge a log line. */
const PRINTABLE = /^[\x21-\x7e]+$/;

/** The order that a path of v1 or of a page names. */
const ORDER_IN_PATH = /^\/(?:v1|v1\/admin|app|ops)\/orders\/(\d+)(?:\/|$)/;

/**
 * Gives every request an id of ours, which is answered and logged. The caller's own id is kept beside it, never instead of it:
 * two callers may send the same id. Each log line of the request has our id, and the order that the path names.
 */
export const identifyRequests = createMiddleware<ApiEnv>(async (c, next) => {
  const theirs = c.req.header('x-request-id');
  if (theirs !== undefined && theirs.length <= MOST && PRINTABLE.test(theirs) && !hasSecret(theirs)) {
    c.set('callerRequestId', theirs);
  }
  const ours = randomUUID();
  c.set('requestId', ours);
  c.header('X-Request-Id', ours);
  const order = readId(ORDER_IN_PATH.exec(c.req.path)?.[1] ?? '');
  await inLogContext({ requestId: ours, order }, next);
});
