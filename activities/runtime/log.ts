import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { errorForLog } from '../../db/errors.ts';
import { logFields } from '../../net/log-context.ts';

/** `to`: the stream to write to; by default standard output. */
export const createLogger = (level: string, to?: DestinationStream): Logger => {
  const options = {
    level,
    base: { process: 'worker' },
    serializers: { err: errorForLog },
    mixin: logFields,
  } satisfies LoggerOptions;
  return to === undefined ? pino(options) : pino(options, to);
};
