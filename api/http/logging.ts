import { createMiddleware } from 'hono/factory';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { errorForLog } from '../../db/errors.ts';
import { logFields } from '../../net/log-context.ts';
import type { ApiEnv } from './context.ts';
import { shownPath } from './shown-path.ts';

/** `to`: the stream to write to; by default standard output. */
export const createLogger = (level: string, to?: DestinationStream): Logger => {
  const options = {
    level,
    base: { process: 'api' },
    serializers: { err: errorForLog },
    mixin: logFields,
    redact: ['authorization', 'key', 'link', '*.authorization', '*.key', '*.link'],
  } satisfies LoggerOptions;
  return to === undefined ? pino(options) : pino(options, to);
};

/**
 * Logs one line for each request, after its answer. Never logs a body, a header or a query string: clients of panel API v2 put
 * their key in any of them.
 */
export const logRequests = (log: Logger) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const started = performance.now();
    await next();
    const caller = c.get('caller') as ApiEnv['Variables']['caller'] | undefined;
    log.info({
      method: c.req.method,
      path: shownPath(c),
      status: c.res.status,
      ms: Math.round(performance.now() - started),
      account: caller?.accountId,
      callerRequestId: c.get('callerRequestId'),
    });
  });
