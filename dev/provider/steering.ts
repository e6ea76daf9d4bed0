import { parseMoney } from '../../domain/ledger/money.ts';
import type { Actions } from './actions.ts';
import type { ArmedFault, ArmedFaults } from './armed-faults.ts';
import type { AddRequest, Book, CounterLie } from './book.ts';
import { costOf, decimal, type Forced, type OrderState } from './order.ts';
import { targetOf } from './placing.ts';
import { parseScript } from './script.ts';
import type { Settings, SettingsChange } from './settings.ts';
import type { CallCounters, ProviderStats } from './stats.ts';

/** An order as tests see it: its record, its status row and what was really delivered. */
export interface OrderView {
  readonly order: number;
  readonly at: number;
  readonly service: number;
  readonly type: string;
  readonly link: string;
  readonly quantity: number;
  readonly runs: number;
  readonly script: string;
  /** The order's whole price, a decimal string. */
  readonly price: string;
  readonly delivered: number;
  readonly status: unknown;
  readonly remains: unknown;
  readonly start_count: unknown;
  readonly charge: unknown;
}

/** The actions and reads that tests and the control endpoints use. */
export class Steering {
  readonly #book: Book;
  readonly #actions: Actions;
  readonly #counters: CallCounters;
  readonly #faults: ArmedFaults;

  constructor(book: Book, actions: Actions, counters: CallCounters, faults: ArmedFaults) {
    this.#book = book;
    this.#actions = actions;
    this.#counters = counters;
    this.#faults = faults;
  }

  stats(): ProviderStats {
    return this.#counters.read(this.#book);
  }

  /** Orders as they are now, oldest first. */
  orders(link?: string): OrderView[] {
    const orders = link === undefined ? [...this.#book.orders.values()] : this.#book.ofLink(link);
    return orders.map((order) => this.#view(order));
  }

  /** Every `add` request received, oldest first, with its raw fields. A subscription's `link` is its user name. */
  adds(link?: string): AddRequest[] {
    return this.#book.adds.filter(({ fields }) => link === undefined || targetOf(fields) === link);
  }

  /** The count that the counter source answers for a link. */
  count(link: string): number {
    return this.#book.count(link);
  }

  /** Sets the script for the next orders of a link; it replaces the one set before. Throws ScriptError. */
  async script(link: string, script: string): Promise<void> {
    parseScript(script);
    await this.#book.record({ kind: 'script', link, script });
  }

  /** Forces fields of an order's status row; null removes them all. Resolves to undefined for an unknown id. */
  async force(id: number, set: Forced | null): Promise<OrderView | undefined> {
    const order = this.#book.orders.get(id);
    if (order === undefined) return undefined;
    await this.#book.record({ kind: 'force', order: id, set });
    return this.#view(order);
  }

  /** Lets the orders of a link that are paused at `private:<n>` continue, permanently. */
  async makePublic(link: string): Promise<void> {
    await this.#book.record({ kind: 'public', link, at: this.#book.now() });
  }

  /** Makes the counter source disagree about a link; null makes it correct again. */
  async lieAbout(link: string, lie: CounterLie | null): Promise<void> {
    await this.#book.record({ kind: 'counter', link, set: lie });
  }

  /** Changes settings for orders from now on; `balance` and `down` apply at once. */
  async configure({ balance, down, downMs, ...plain }: SettingsChange): Promise<Settings> {
    const book = this.#book;
    const set: Partial<Settings> = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
    if (balance !== undefined) set.paidIn = decimal((parseMoney(balance) ?? 0n) - book.balance(0n));
    if (down !== undefined) {
      set.down = down === true ? 'http:503' : down === false ? null : down;
      set.downUntil = downMs === undefined ? null : book.now() + downMs;
    }
    await book.record({ kind: 'settings', set });
    return book.settings;
  }

  /** Arms a fault. Throws when there is no fault of that name. */
  arm(fault: ArmedFault): void {
    if (!this.#faults.arm(fault)) throw new Error(`unknown fault "${fault.fault}"`);
  }

  disarm(): void {
    this.#faults.clear();
  }

  faults(): ReturnType<ArmedFaults['list']> {
    return this.#faults.list();
  }

  /** Forgets everything but the next ids. */
  async reset(): Promise<void> {
    const { nextOrder, nextRefill } = this.#book;
    await this.#book.record({ kind: 'reset', nextOrder, nextRefill });
    this.#faults.clear();
    this.#counters.reset();
  }

  #view(order: OrderState): OrderView {
    const { order: id, at, service, type, link, quantity, runs, script } = order;
    const { status, remains, start_count, charge } = this.#actions.row(order);
    return {
      ...{ order: id, at, service, type, link, quantity, runs, script },
      price: decimal(costOf(order, quantity * runs)),
      delivered: this.#book.delivery(order).delivered,
      ...{ status, remains, start_count, charge },
    };
  }
}
