import type { DevConfig, Log } from '../config.ts';
import { secondsSince } from '../elapsed.ts';
import { cached, findCached } from './cache.ts';
import type { Source } from './sources.ts';

export type EnsureOptions = {
  log: Log;
  /** Defaults to the environment of this process. */
  config?: DevConfig;
  /** Ends a fetch or build under way. */
  signal?: AbortSignal | undefined;
};

export type Way = { name: string; run: () => Promise<string> };

/** Tries each way in order and logs how long it took. When all fail, the error has every reason and the advice. */
export async function attempt(wanted: string, log: Log, ways: readonly Way[], advice: string): Promise<string> {
  const reasons: string[] = [];
  for (const way of ways) {
    const started = Date.now();
    log(`getting ${wanted}: ${way.name}`);
    try {
      const path = await way.run();
      log(`  done in ${secondsSince(started)} s`);
      return path;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log(`  failed after ${secondsSince(started)} s: ${mainLine(reason)}`);
      reasons.push(`- ${way.name}: ${reason}`);
    }
  }
  throw new Error([`Failed to get ${wanted}. Each way failed:`, ...reasons, advice].join('\n'));
}

/**
 * The line to log of a failure. A program's own error line says more than "ended with code 1"; the final error has the whole
 * text.
 */
function mainLine(text: string): string {
  const lines = text.split('\n');
  return lines.find((line) => /error:|failed/i.test(line))?.trim() ?? lines[0] ?? '';
}

/** Path of the program: from the cache, else from the first source that works. Throws with `advice` when none does. */
export async function ensureEngine(
  wanted: string,
  log: Log,
  sources: readonly Source[],
  advice: string,
): Promise<string> {
  for (const { entry, lastResort = false } of sources) {
    const kept = lastResort ? undefined : await findCached(entry);
    if (kept) return kept;
  }
  const ways = sources.map(({ name, entry, fill }) => ({ name, run: () => cached(entry, log, fill) }));
  return attempt(wanted, log, ways, advice);
}
