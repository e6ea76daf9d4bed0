import { type CacheEntry, cached, findCached } from './cache.ts';
import type { Log } from './config.ts';
import { attempt } from './ways.ts';

/** A way of getting an engine's program, and the place in the cache where it leaves it. */
export type Source = {
  /** Said while it is tried. */
  name: string;
  entry: CacheEntry;
  /** Puts the program into the folder. */
  fill: (folder: string) => Promise<void>;
  /** A slow or older program, used only when the sources before it do not work, even when it lies in the cache already. */
  lastResort?: boolean;
};

/** Path of the program: from the cache, else from the first source that works. Throws with `advice` when none does. */
export async function ensureEngine(wanted: string, log: Log, sources: Source[], advice: string): Promise<string> {
  for (const { entry, lastResort = false } of sources) {
    const kept = lastResort ? undefined : await findCached(entry);
    if (kept) return kept;
  }
  const ways = sources.map(({ name, entry, fill }) => ({ name, run: () => cached(entry, log, fill) }));
  return attempt(wanted, log, ways, advice);
}
