import { createMiddleware } from 'hono/factory';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { errorForLog } from '../../db/errors.ts';
import type { ApiEnv } from './context.ts';

/** `to`: where the lines go; by default standard output. */
export const createLogger = (level: string, to?: DestinationStream): Logger => {
  const options = {
    level,
    base: { process: 'api' },
    serializers: { err: errorForLog },
    redact: ['authorization', 'key', 'link', '*.authorization', '*.key', '*.link'],
  } satisfies LoggerOptions;
  return to === undefined ? pino(options) : pino(options, to);
};

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
      callerRequestId: c.get('callerRequestId'),
    });
  });
