import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 200;

/** Waits so many milliseconds, or until `signal` is aborted. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await delay(Math.max(ms, 0), undefined, { signal }).catch(() => undefined);
}

/** Calls `look` until it finds something. Throws after `ms` milliseconds, and at once when `look` throws. */
export async function eventually<T>(what: string, ms: number, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`not within ${ms / 1_000} s: ${what}`);
    await delay(POLL_MS);
  }
}
