import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Book } from './book.ts';

/** Calls counted since the data folder was made (or the last reset). */
export interface ProviderStats {
  /** Calls by action; unknown actions under `unknown`. */
  calls: Record<string, number>;
  /** Calls with a wrong key. */
  unauthorized: number;
  /** `received` counts every `add` that reached the provider, the refused and the lost ones too. */
  adds: { received: number; accepted: number; acceptedByLink: Record<string, number> };
  /** `idsPerCall`: how many ids each of the last status calls asked for, oldest first. */
  status: { calls: number; ids: number; idsPerCall: number[] };
  /** How often each fault was played. */
  faults: Record<string, number>;
  orders: number;
  /** The id the next accepted order gets. */
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

/** How many status calls are remembered one by one. */
const KEPT_CALLS = 1000;
/** A kill -9 loses at most so many milliseconds of these counters; adds are in the journal and exact. */
const SAVE_AFTER_MS = 100;

/** Counters of calls. What concerns orders is read from the book, so it is exact after a crash. */
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

  /** Writes what is not written yet; by rename, so that a kill leaves the old counters or the new. */
  save(): void {
    clearTimeout(this.#saving);
    this.#saving = undefined;
    if (this.#file === undefined) return;
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#counters), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}
