import { randomUUID } from 'node:crypto';
import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from './context.ts';

/** Of a caller's own id so much is kept. */
const MOST = 128;

/** What a caller may call its request: printable, without spaces, so that no log line can be forged with it. */
const PRINTABLE = /^[\x21-\x7e]+$/;

/** A key or a secret that somebody sends here by mistake must not be in the log. */
const SECRET = /hf_|whsec_/i;

/**
 * Every request gets an id of ours, which is answered and logged. What its caller calls it is kept beside it and never
 * instead of it: two callers may send the same one.
 */
export const identifyRequests = createMiddleware<ApiEnv>(async (c, next) => {
  const theirs = c.req.header('x-request-id');
  if (theirs !== undefined && theirs.length <= MOST && PRINTABLE.test(theirs) && !SECRET.test(theirs)) {
    c.set('callerRequestId', theirs);
  }
  const ours = randomUUID();
  c.set('requestId', ours);
  c.header('X-Request-Id', ours);
  await next();
});
