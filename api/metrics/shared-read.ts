import type { Logger } from 'pino';
import { withTimeout } from '../../db/client.ts';
import { QUERY_MS } from '../http/timeouts.ts';

/** Calls that come while a read runs share it: one scrape reads several gauges of one thing. */
export function sharedRead<T>(read: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= read().finally(() => {
      running = undefined;
    });
    return running;
  };
}

/** The answer to a query of a scrape. Undefined, with a line in the log, when PostgreSQL does not answer in time: a scrape never fails. */
export const answerOf = <T>(log: Logger, failure: string, query: Promise<T>): Promise<T | undefined> =>
  withTimeout(QUERY_MS, query).catch((error: unknown) => {
    log.warn({ err: error }, failure);
    return undefined;
  });
