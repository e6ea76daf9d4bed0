/** Waits, or stops waiting when one of the signals is aborted: the worker shuts down, or there is something to do. */
export function sleep(ms: number, ...stops: readonly AbortSignal[]): Promise<void> {
  if (stops.some(({ aborted }) => aborted)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      for (const stop of stops) stop.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.max(ms, 0));
    for (const stop of stops) stop.addEventListener('abort', done);
  });
}
