import { isPermanent, sqlState } from '../../db/errors.ts';
import { type AlertKind, raiseAlert, resolveAlert } from '../../db/reconcile/alerts.ts';
import type { Deps } from '../runtime/deps.ts';
import { inParallel } from '../runtime/parallel.ts';

/** How long a part of the rounds fails before staff get an alert. */
const FAILING_MINUTES = 3;
/** Wait before a report that the database refuses is tried again; a different report of the batch is tried at once. */
const PARKED_MS = 10 * 60_000;
/** The most statements to find the refused reports of one call. */
const MOST_STATEMENTS = 64;
/** Orders that an alert names. */
const NAMED = 5;

/** Whether the database refuses this for good: the same statement with the same values would fail again. */
export const isRefused = (error: unknown): boolean => sqlState(error) !== undefined && isPermanent(error);

/** The items that could not be stored, each with its error; `failed`: the error that kept others from being tried. */
export interface Apart<T, R> {
  /** What `store` returned, for each part that it stored. */
  readonly stored: readonly R[];
  readonly refused: readonly { readonly item: T; readonly error: unknown }[];
  readonly failed?: unknown;
}

/**
 * Stores all items at once. When the database refuses them for good, stores them in ever smaller halves to find the refused ones.
 */
export async function storeApart<T, R>(
  items: readonly T[],
  store: (part: readonly T[]) => Promise<R>,
): Promise<Apart<T, R>> {
  const stored: R[] = [];
  const refused: { item: T; error: unknown }[] = [];
  const parts: (readonly T[])[] = items.length === 0 ? [] : [items];
  for (let statements = 0; ; statements += 1) {
    const part = parts.shift();
    if (part === undefined) return { stored, refused };
    try {
      stored.push(await store(part));
    } catch (error) {
      if (!isRefused(error) || statements >= MOST_STATEMENTS) return { stored, refused, failed: error };
      const [only] = part;
      const middle = Math.ceil(part.length / 2);
      if (part.length > 1) parts.push(part.slice(0, middle), part.slice(middle));
      else if (only !== undefined) refused.push({ item: only, error });
    }
  }
}

/** Throws the error of a refused item once the others are stored: for items that a later round tries again anyway. */
export function orThrow<T, R>({ refused, failed }: Apart<T, R>): void {
  const error = failed ?? refused[0]?.error;
  if (error !== undefined) throw error;
}

/** Runs `act` for every item even when some fail, then throws the first failure. */
export async function eachAlone<T>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  act: (item: T) => Promise<unknown>,
): Promise<void> {
  const failures: unknown[] = [];
  await inParallel(items, limit, async (item) => {
    await act(item).catch((error: unknown) => void failures.push(error));
  });
  if (failures.length > 0) throw failures[0];
}

/** A batch that a report is about. */
interface Key {
  readonly orderId: number;
  readonly batch: number;
}

interface Parked extends Key {
  readonly said: string;
  readonly until: number;
  readonly code: string;
}

export const keyOf = ({ orderId, batch }: Key): string => `${orderId}-${batch}`;

/**
 * Troubles in the rounds of providers: each part of a round fails alone, and staff get alerts about parts that keep failing and
 * about reports that the database refuses. This is memory of one process: a trouble that lasts shows again after a restart.
 */
export class RoundTroubles {
  private readonly deps: Pick<Deps, 'sql' | 'log'>;
  private readonly now: () => number;
  /** Since when each part has failed, by provider. */
  private readonly failing = new Map<number, Map<string, number>>();
  private readonly parked = new Map<number, Map<string, Parked>>();
  /**
   * The last alert by kind and provider, null once resolved. No entry before the first round: another process may have left one
   * open.
   */
  private readonly told = new Map<string, string | null>();

  constructor(deps: Pick<Deps, 'sql' | 'log'>, now: () => number) {
    this.deps = deps;
    this.now = now;
  }

  /** Does one part of a round; undefined when it failed. */
  async alone<T>(provider: number, part: string, work: () => Promise<T>): Promise<T | undefined> {
    const parts = of(this.failing, provider);
    try {
      const done = await work();
      parts.delete(part);
      return done;
    } catch (error) {
      // A failed part loses nothing; the next round does it again.
      this.deps.log.error({ provider, part, err: error }, 'a part of a watch round failed');
      if (!parts.has(part)) parts.set(part, this.now());
      return undefined;
    }
  }

  /** Does one part of a round if it is due, or failed in an earlier round. */
  async ifDue(provider: number, part: string, isDue: boolean, work: () => Promise<unknown>): Promise<void> {
    if (isDue || of(this.failing, provider).has(part)) await this.alone(provider, part, work);
  }

  /** Whether a batch's report is left out, because the database refused the same report lately. */
  isParked(provider: number, key: Key, said: unknown): boolean {
    const parked = of(this.parked, provider).get(keyOf(key));
    return parked !== undefined && parked.until > this.now() && parked.said === JSON.stringify(said);
  }

  park(provider: number, { orderId, batch }: Key, said: unknown, error: unknown): void {
    const code = sqlState(error) ?? 'unknown';
    const until = this.now() + PARKED_MS;
    of(this.parked, provider).set(keyOf({ orderId, batch }), {
      orderId,
      batch,
      code,
      until,
      said: JSON.stringify(said),
    });
    this.deps.log.error({ provider, order: orderId, batch, err: error }, 'the database refuses a report');
  }

  /** Forgets the refusals of batches whose reports are stored now. */
  unpark(provider: number, keys: readonly Key[]): void {
    for (const key of keys) of(this.parked, provider).delete(keyOf(key));
  }

  /** The parked batches of a provider, as a set from which a round takes those that it asks about. */
  parkedKeys(provider: number): Set<string> {
    return new Set(of(this.parked, provider).keys());
  }

  /** Forgets parked batches that a round did not ask about. */
  forgetParked(provider: number, unasked: Iterable<string>): void {
    for (const key of unasked) of(this.parked, provider).delete(key);
  }

  /** Raises and resolves the alerts about a provider at the end of a round. */
  async tell(provider: number): Promise<void> {
    const since = this.now() - FAILING_MINUTES * 60_000;
    const parts = [...of(this.failing, provider)].filter(([, from]) => from <= since).map(([part]) => part);
    const parked = [...of(this.parked, provider).values()];
    const orders = [...new Set(parked.map(({ orderId }) => orderId))].sort((a, b) => a - b);
    const more = orders.length > NAMED ? ` and ${orders.length - NAMED} more` : '';
    const codes = [...new Set(parked.map(({ code }) => code))].sort().join(', ');
    try {
      await this.say(
        'watch_failing',
        provider,
        parts.length === 0
          ? null
          : `parts of its watch have failed for more than ${FAILING_MINUTES} minutes: ${parts.sort().join(', ')}`,
      );
      await this.say(
        'report_refused',
        provider,
        orders.length === 0
          ? null
          : `the database refuses its reports of order ${orders.slice(0, NAMED).join(', ')}${more} (SQLSTATE ${codes})`,
      );
    } catch (error) {
      this.deps.log.error({ provider, err: error }, 'failed to write the alerts of a watch');
    }
  }

  private async say(kind: AlertKind, provider: number, detail: string | null): Promise<void> {
    const [key, about] = [`${kind} ${provider}`, { kind, subject: `provider:${provider}` }];
    if (this.told.get(key) === detail) return;
    if (detail === null) await resolveAlert(this.deps.sql, about);
    else await raiseAlert(this.deps.sql, { ...about, detail });
    this.told.set(key, detail);
  }
}

function of<V>(all: Map<number, Map<string, V>>, provider: number): Map<string, V> {
  const known = all.get(provider) ?? new Map<string, V>();
  all.set(provider, known);
  return known;
}
