import type { Logger } from 'pino';
import type { Sql } from '../../db/client.ts';
import { addCalls } from '../../db/provider/calls.ts';
import { type CallCounts, sumOfCalls } from '../../domain/report/call-counts.ts';
import { withOne } from '../../domain/report/histogram.ts';
import { outsideLogContext } from '../../net/log-context.ts';
import type { Exchange } from './exchange.ts';

/** How long calls are counted in memory before they are written. */
const FLUSH_MS = 10_000;
/** Entries that a database that does not answer may leave in memory; more calls are not counted. */
const MOST = 5_000;
/** Characters of an action: staff may name the one that lists orders. */
const ACTION = 40;

/** Counts the calls to providers: how each ended, and how long it took. It keeps nothing of what was said. */
export interface CallLog {
  note(provider: number, action: string, result: Exchange, ms: number): void;
  /** Writes what was counted. A failure is logged, and the counts are written later. */
  flush(): Promise<void>;
}

export function createCallLog(sql: Sql, log: Logger): CallLog {
  let counted = new Map<string, CallCounts>();
  let timer: NodeJS.Timeout | undefined;

  function add(more: CallCounts): void {
    const key = `${more.provider} ${more.minute} ${more.action}`;
    const had = counted.get(key);
    if (had === undefined && counted.size >= MOST) return;
    counted.set(key, had === undefined ? more : sumOfCalls(had, more));
    // Not one statement a call: the first call after a flush starts the clock.
    timer ??= outsideLogContext(() => setTimeout(() => void flush(), FLUSH_MS).unref());
  }

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const all = [...counted.values()];
    counted = new Map();
    if (all.length === 0) return;
    await addCalls(sql, all).catch((error: unknown) => {
      log.warn({ err: error }, 'failed to write the counts of calls to providers; they are written later');
      for (const one of all) add(one);
    });
  }

  return {
    note: (provider, action, result, ms) => add(countsOf(provider, action.slice(0, ACTION), result, ms)),
    flush,
  };
}

function countsOf(provider: number, action: string, result: Exchange, ms: number): CallCounts {
  const { kind } = result;
  return {
    provider,
    minute: Math.floor(Date.now() / 60_000) * 60_000,
    action,
    answered: kind === 'answered' ? 1 : 0,
    errors: kind === 'answered' && result.status >= 400 ? 1 : 0,
    notSent: kind === 'notSent' ? 1 : 0,
    noAnswer: kind === 'noAnswer' ? 1 : 0,
    latency: withOne([], ms),
  };
}
