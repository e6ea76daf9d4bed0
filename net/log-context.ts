import { AsyncLocalStorage } from 'node:async_hooks';

/** What the present work is about. Every log line that the work writes says it. */
export interface LogContext {
  /** The API's id of the request. */
  readonly requestId?: string | undefined;
  /** The public id of the order. */
  readonly order?: number | undefined;
  /** The trace that has the work's spans, in hex; absent while tracing is off. */
  readonly traceId?: string | undefined;
}

const present = new AsyncLocalStorage<{ context: LogContext }>();

/** Runs work that is about this, beside what the work around it is about. */
export const inLogContext = <T>(about: LogContext, work: () => T): T =>
  present.run({ context: { ...logContext(), ...about } }, work);

/** Runs work that serves all, though this order or request happened to begin it, such as a shared timer. */
export const outsideLogContext = <T>(work: () => T): T => present.exit(work);

/** Adds what the present work has turned out to be about. */
export function noteInLog(about: LogContext): void {
  const store = present.getStore();
  if (store !== undefined) store.context = { ...store.context, ...about };
}

/** What the present work is about. */
export const logContext = (): LogContext => present.getStore()?.context ?? {};

/** For pino's `mixin`, which changes the object that it gets. A field of the line itself wins. */
export const logFields = (): object => ({ ...logContext() });
