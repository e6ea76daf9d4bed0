import { setTimeout as delay } from 'node:timers/promises';

/** What is still ending after so long is left behind, so that the next one gets its turn. */
const LIMIT_MS = 15_000;

/** Ends what was opened, in the reverse order, once, however often it is called. */
export class Endings {
  private readonly ends: { readonly what: string; readonly end: () => Promise<unknown> }[] = [];
  private closing: Promise<void> | undefined;

  /** Opens something that `close` is to end, also when it is still being opened then. Throws after `close`. */
  async opened<T>(what: string, open: () => Promise<T>, end: (it: T) => Promise<unknown>): Promise<T> {
    if (this.closing !== undefined) throw new Error(`${what} is not opened any more: everything is being ended`);
    const opening = open();
    // What was never open need not be ended.
    this.ends.push({ what, end: () => opening.then(end, () => undefined) });
    return opening;
  }

  /** Ends everything, whatever does not end well among it; that is thrown once all had their turn. */
  close(): Promise<void> {
    this.closing ??= this.endAll();
    return this.closing;
  }

  private async endAll(): Promise<void> {
    const troubles: string[] = [];
    for (let last = this.ends.pop(); last !== undefined; last = this.ends.pop()) {
      const { what, end } = last;
      await inTime(end()).catch((error: unknown) => {
        troubles.push(`${what} did not end well: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
    if (troubles.length > 0) throw new Error(troubles.join('; '));
  }
}

async function inTime(ending: Promise<unknown>): Promise<void> {
  const ended = new AbortController();
  const limit = delay(LIMIT_MS, undefined, { signal: ended.signal }).then(() => {
    throw new Error(`not after ${LIMIT_MS / 1_000} s`);
  });
  try {
    await Promise.race([ending, limit]);
  } finally {
    limit.catch(() => undefined);
    ended.abort();
  }
}
