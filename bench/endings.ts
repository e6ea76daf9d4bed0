import { setTimeout as delay } from 'node:timers/promises';

/** An ending that takes longer is abandoned, so that the next one runs. */
const LIMIT_MS = 15_000;

/** Ends what was opened, in reverse order. Repeated calls of `close` share one run. */
export class Endings {
  private readonly ends: { readonly what: string; readonly end: () => Promise<unknown> }[] = [];
  private closing: Promise<void> | undefined;

  /** Opens something that `close` will end, even if `close` is called while it opens. Throws after `close`. */
  async opened<T>(what: string, open: () => Promise<T>, end: (it: T) => Promise<unknown>): Promise<T> {
    if (this.closing !== undefined) throw new Error(`${what} was not opened: the command is stopping`);
    const opening = open();
    // A failed open has nothing to end.
    this.ends.push({ what, end: () => opening.then(end, () => undefined) });
    return opening;
  }

  /** Runs every ending even when some fail. Throws all failures at the end. */
  close(): Promise<void> {
    this.closing ??= this.endAll();
    return this.closing;
  }

  private async endAll(): Promise<void> {
    const troubles: string[] = [];
    for (let last = this.ends.pop(); last !== undefined; last = this.ends.pop()) {
      const { what, end } = last;
      await inTime(end()).catch((error: unknown) => {
        troubles.push(`failed to end ${what}: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
    if (troubles.length > 0) throw new Error(troubles.join('; '));
  }
}

async function inTime(ending: Promise<unknown>): Promise<void> {
  const ended = new AbortController();
  const limit = delay(LIMIT_MS, undefined, { signal: ended.signal }).then(() => {
    throw new Error(`still running after ${LIMIT_MS / 1_000} s`);
  });
  try {
    await Promise.race([ending, limit]);
  } finally {
    limit.catch(() => undefined);
    ended.abort();
  }
}
