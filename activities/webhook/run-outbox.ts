import { storeSleep } from '../../db/webhook/outbox.ts';
import type { Deps } from '../runtime/deps.ts';
import type { Notifications } from '../runtime/notifications.ts';
import { sleep } from '../runtime/sleep.ts';
import type { Outbox } from './outbox.ts';
import type { Traffic } from './traffic.ts';

/** When an outbox looks. */
export interface OutboxPace {
  /** Milliseconds between two looks while it is awake. When a receiver becomes free, the next look follows at once. */
  readonly lookMs: number;
  /** Looks without a delivery, and without a request under way, after which it sleeps. */
  readonly quietLooks: number;
  /**
   * Milliseconds between looks while it sleeps and nothing wakes it; the last one repeats. The first ones find deliveries of
   * transactions that began before it slept, and so sent no NOTIFY; the last one finds what a lost connection has missed.
   */
  readonly sleepsMs: readonly number[];
}

const PACE: OutboxPace = { lookMs: 250, quietLooks: 8, sleepsMs: [250, 500, 1_000, 2_000, 5_000] };
/** The least time between two looks. */
const LEAST_LOOK_MS = 20;

interface Running {
  readonly outbox: Outbox;
  readonly traffic: Traffic;
  readonly notifications: Notifications<'delivery'>;
  /** How long it runs, in milliseconds, unless it is stopped earlier. */
  readonly lastsMs: number;
  readonly stop: AbortSignal;
  readonly pace?: OutboxPace;
}

/**
 * Takes deliveries for `lastsMs`. Awake, it polls; after some looks without a delivery it sleeps, and a NOTIFY wakes it. A
 * transaction sends that NOTIFY only while the outbox sleeps, because a NOTIFY makes commits wait for each other.
 */
export async function runOutbox({ sql, log }: Pick<Deps, 'sql' | 'log'>, running: Running): Promise<void> {
  const { outbox, traffic, notifications, lastsMs, stop, pace = PACE } = running;
  /** What PostgreSQL holds; undefined: not known. */
  let stored: boolean | undefined;
  let quiet = 0;
  const store = async (sleeps: boolean): Promise<void> => {
    if (stored === sleeps) return;
    quiet = 0;
    await storeSleep(sql, sleeps);
    stored = sleeps;
  };
  const begun = performance.now();
  while (!stop.aborted && performance.now() - begun < lastsMs) {
    const [free, woken] = [traffic.nextFree(), notifications.next('delivery')];
    try {
      const taken = await outbox.take();
      quiet = taken > 0 || traffic.total() > 0 ? 0 : quiet + 1;
      if (taken > 0) await store(false);
      // The next look, at once, finds what was written before PostgreSQL knew that the outbox sleeps.
      else if (stored !== true && quiet >= pace.quietLooks) {
        await store(true);
        continue;
      }
    } catch (error) {
      log.error({ err: error }, 'the outbox could not be read');
    }
    const { lookMs, sleepsMs } = pace;
    const waitMs = stored === true ? (sleepsMs[quiet - 1] ?? sleepsMs.at(-1) ?? lookMs) : lookMs;
    await sleep(LEAST_LOOK_MS, stop);
    await sleep(waitMs, stop, free, woken);
  }
}
