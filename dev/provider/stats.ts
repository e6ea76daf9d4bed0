import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Book } from './book.ts';

/** Counts of calls since the data folder was made, or since the last reset. */
export interface ProviderStats {
  /** Calls by action; unknown actions under `unknown`. */
  calls: Record<string, number>;
  /** Calls with a wrong key. */
  unauthorized: number;
  /** `received` counts every `add` that reached the provider, including refused and lost ones. */
  adds: { received: number; accepted: number; acceptedByLink: Record<string, number> };
  /** `idsPerCall`: the number of ids in each of the last status calls, oldest first. */
  status: { calls: number; ids: number; idsPerCall: number[] };
  /** How many times each fault was played. */
  faults: Record<string, number>;
  orders: number;
  /** The id of the next accepted order. */
  nextOrder: number;
}

const Counters = z.object({
  calls: z.record(z.string(), z.number()),
  unauthorized: z.number(),
  ids: z.number(),
  idsPerCall: z.array(z.number()),
  faults: z.record(z.string(), z.number()),
});
type Counters = z.infer<typeof Counters>;

const zero = (): Counters => ({ calls: {}, unauthorized: 0, ids: 0, idsPerCall: [], faults: {} });

/** How many status calls `idsPerCall` keeps. */
const KEPT_CALLS = 1000;
/** A kill -9 loses at most this many milliseconds of these counters. Adds are in the journal, so they are exact. */
const SAVE_AFTER_MS = 100;

/** Counters of calls. The numbers of orders come from the book, so they are exact after a crash. */
export class CallCounters {
  #counters = zero();
  readonly #file: string | undefined;
  #saving: NodeJS.Timeout | undefined;

  constructor(file: string | undefined) {
    this.#file = file;
    if (file === undefined) return;
    try {
      this.#counters = Counters.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  call(action: string): void {
    this.#counters.calls[action] = (this.#counters.calls[action] ?? 0) + 1;
    this.#changed();
  }

  statusIds(ids: number): void {
    this.#counters.ids += ids;
    this.#counters.idsPerCall = [...this.#counters.idsPerCall, ids].slice(-KEPT_CALLS);
    this.#changed();
  }

  unauthorized(): void {
    this.#counters.unauthorized += 1;
    this.#changed();
  }

  fault(name: string): void {
    this.#counters.faults[name] = (this.#counters.faults[name] ?? 0) + 1;
    this.#changed();
  }

  reset(): void {
    this.#counters = zero();
    this.#changed();
  }

  read(book: Book): ProviderStats {
    const { calls, unauthorized, ids, idsPerCall, faults } = structuredClone(this.#counters);
    const acceptedByLink: Record<string, number> = {};
    for (const { link } of book.orders.values()) acceptedByLink[link] = (acceptedByLink[link] ?? 0) + 1;
    return {
      calls: { ...calls, add: book.adds.length },
      unauthorized,
      adds: { received: book.adds.length, accepted: book.orders.size, acceptedByLink },
      status: { calls: calls.status ?? 0, ids, idsPerCall },
      faults,
      orders: book.orders.size,
      nextOrder: book.nextOrder,
    };
  }

  #changed(): void {
    if (this.#file === undefined) return;
    this.#saving ??= setTimeout(() => this.save(), SAVE_AFTER_MS);
  }

  /** Writes the counters, by rename: a kill leaves the old file or the new one. */
  save(): void {
    clearTimeout(this.#saving);
    this.#saving = undefined;
    if (this.#file === undefined) return;
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#counters), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}
