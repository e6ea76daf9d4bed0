import { createMiddleware } from 'hono/factory';
import { type Logger, pino, stdSerializers } from 'pino';
import { sqlState } from '../db/trouble.ts';
import type { ApiEnv } from './deps.ts';

/** An error of the database may quote the row it concerns, with a link in it: only its code and message are kept. */
function errorForLog(error: Error): unknown {
  const state = sqlState(error);
  return state === undefined
    ? stdSerializers.err(error)
    : { type: 'PostgresError', code: state, message: error.message, stack: error.stack };
}

export const createLogger = (level: string): Logger =>
  pino({
    level,
    base: { process: 'api' },
    serializers: { err: errorForLog },
    redact: ['authorization', 'key', 'link', '*.authorization', '*.key', '*.link'],
  });

/**
 * One line a request, when it is over. Never a body, a header or a query string: panel API v2 clients put their key in
 * all three.
 */
export const logRequests = (log: Logger) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const started = performance.now();
    await next();
    const caller = c.get('caller') as ApiEnv['Variables']['caller'] | undefined;
    log.info({
      method: c.req.method,
      path: c.req.path.slice(0, 200),
      status: c.res.status,
      ms: Math.round(performance.now() - started),
      account: caller?.accountId,
      requestId: c.get('requestId'),
    });
  });
