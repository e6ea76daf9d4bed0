import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 200;

/**
 * Reads until there are so many. `what`: what they do, for the error.
 * @throws Error when there are not so many within `ms` milliseconds.
 */
export async function untilMany(
  wanted: number,
  { what, ms }: { readonly what: string; readonly ms: number },
  read: () => Promise<number>,
): Promise<void> {
  const deadline = performance.now() + ms;
  for (;;) {
    const there = await read();
    if (there === wanted) return;
    if (performance.now() > deadline) throw new Error(`${there} of ${wanted} ${what}`);
    await delay(POLL_MS);
  }
}
