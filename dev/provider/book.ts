import { type Delivery, deliveryOf, droppedBy, isEnded } from './delivery.ts';
import { Journal } from './journal.ts';
import { costOf, type Forced, type OrderState, type PlacedOrder } from './order.ts';
import { baseCount, type Fields } from './placing.ts';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';

/** One `add` request as it arrived (without the key), and its result. */
export interface AddRequest {
  readonly at: number;
  readonly fields: Fields;
  /** The order's id, when it was accepted. */
  readonly order?: number;
  /** The error, when it was refused. */
  readonly error?: string;
  /** The fault that kept the request from being read, or that spoilt the answer. */
  readonly fault?: string;
}

export interface Refill {
  readonly refill: number;
  readonly order: number;
  readonly at: number;
  readonly seconds: number;
  readonly rejected: boolean;
}

/** Everything that can happen to the provider. Each entry is one line of the journal. */
export type Entry =
  | ({ readonly kind: 'add'; readonly placed?: PlacedOrder } & AddRequest)
  | { readonly kind: 'cancel'; readonly order: number; readonly at: number }
  | ({ readonly kind: 'refill' } & Refill)
  | { readonly kind: 'public'; readonly link: string; readonly at: number }
  | { readonly kind: 'script'; readonly link: string; readonly script: string }
  | { readonly kind: 'force'; readonly order: number; readonly set: Forced | null }
  | { readonly kind: 'counter'; readonly link: string; readonly set: CounterLie | null }
  | { readonly kind: 'settings'; readonly set: Partial<Settings> }
  | { readonly kind: 'reset'; readonly nextOrder: number; readonly nextRefill: number };

/** How the counter source disagrees with the true count: a fixed count, or an offset. */
export type CounterLie = { readonly count: number } | { readonly offset: number };

export interface BookOptions {
  readonly seed: string;
  readonly clock: () => number;
  readonly firstOrder: number;
  readonly settings: Partial<Settings>;
}

/** All state of the provider. Every change is an entry, and a restart applies the same entries from the journal. */
export class Book {
  readonly options: BookOptions;
  orders = new Map<number, OrderState>();
  refills = new Map<number, Refill>();
  scripts = new Map<string, string>();
  adds: AddRequest[] = [];
  settings: Settings;
  nextOrder: number;
  nextRefill = 1;
  /** Total price of all accepted orders, before refunds. */
  spent = 0n;
  #ordersOfLink = new Map<string, OrderState[]>();
  #publicAt = new Map<string, number>();
  #counterLies = new Map<string, CounterLie>();
  #journal: Journal | undefined;

  private constructor(options: BookOptions) {
    this.options = options;
    this.settings = { ...DEFAULT_SETTINGS, ...options.settings };
    this.nextOrder = options.firstOrder;
  }

  /** Opens a book that is kept in the file, or only in memory when `file` is undefined. */
  static async open(options: BookOptions, file: string | undefined): Promise<Book> {
    const book = new Book(options);
    if (file === undefined) return book;
    const { journal, entries } = await Journal.open(file);
    // Only this program writes the journal, so its lines are entries.
    for (const entry of entries as Entry[]) book.#apply(entry);
    book.#journal = journal;
    return book;
  }

  /** Applies an entry and resolves once it is on the disk. The caller must not answer before that. */
  async record(entry: Entry): Promise<void> {
    this.#apply(entry);
    await this.#journal?.append(entry);
  }

  async close(): Promise<void> {
    await this.#journal?.close();
  }

  #apply(entry: Entry): void {
    switch (entry.kind) {
      case 'add': {
        const { kind: _, placed, ...request } = entry;
        this.adds.push(request);
        if (placed !== undefined) this.#place(placed);
        return;
      }
      case 'cancel': {
        const order = this.orders.get(entry.order);
        if (order !== undefined) order.cancelRequestedAt ??= entry.at;
        return;
      }
      case 'refill':
        this.refills.set(entry.refill, entry);
        this.nextRefill = entry.refill + 1;
        return;
      case 'public':
        if (this.#publicAt.has(entry.link)) return;
        this.#publicAt.set(entry.link, entry.at);
        for (const order of this.ofLink(entry.link)) order.publicAt = entry.at;
        return;
      case 'script':
        this.scripts.set(entry.link, entry.script);
        return;
      case 'force': {
        const order = this.orders.get(entry.order);
        if (order === undefined) return;
        if (entry.set === null) delete order.forced;
        else order.forced = { ...order.forced, ...entry.set };
        return;
      }
      case 'counter':
        if (entry.set === null) this.#counterLies.delete(entry.link);
        else this.#counterLies.set(entry.link, entry.set);
        return;
      case 'settings':
        this.settings = { ...this.settings, ...entry.set };
        return;
      case 'reset':
        this.#reset(entry.nextOrder, entry.nextRefill);
    }
  }

  #place(placed: PlacedOrder): void {
    const publicAt = this.#publicAt.get(placed.link);
    const order: OrderState = { ...placed, ...(publicAt === undefined ? {} : { publicAt }) };
    this.orders.set(order.order, order);
    const sameLink = this.#ordersOfLink.get(order.link);
    if (sameLink === undefined) this.#ordersOfLink.set(order.link, [order]);
    else sameLink.push(order);
    this.nextOrder = order.order + 1;
    this.spent += costOf(order, order.quantity * order.runs);
  }

  /** Forgets everything but the next ids. If an id were used twice, its first buyer would see another buyer's order. */
  #reset(nextOrder: number, nextRefill: number): void {
    for (const map of [
      this.orders,
      this.refills,
      this.scripts,
      this.#ordersOfLink,
      this.#publicAt,
      this.#counterLies,
    ]) {
      map.clear();
    }
    this.adds = [];
    this.spent = 0n;
    this.settings = { ...DEFAULT_SETTINGS, ...this.options.settings };
    this.nextOrder = nextOrder;
    this.nextRefill = nextRefill;
  }

  ofLink(link: string): readonly OrderState[] {
    return this.#ordersOfLink.get(link) ?? [];
  }

  now(): number {
    return this.options.clock();
  }

  /** The order's delivery at `now`, changed by the fields that a test forced. */
  delivery(order: OrderState, now = this.now()): Delivery {
    const real = deliveryOf(order, now);
    const delivered = order.forced?.delivered ?? real.delivered;
    const status = typeof order.forced?.status === 'string' ? order.forced.status : real.status;
    const ended = status === 'Partial' || status === 'Canceled';
    return {
      ...real,
      status,
      delivered,
      charged: order.forced === undefined ? real.charged : ended ? delivered : real.charged,
    };
  }

  /** Whether an order of the link is still running. */
  isBusy(link: string): boolean {
    return this.ofLink(link).some((order) => !isEnded(this.delivery(order).status));
  }

  /** The target's count without a lie of the counter source. */
  trueCount(link: string, now = this.now()): number {
    const [first] = this.ofLink(link);
    let count = first?.startCount ?? baseCount(this.options.seed, link);
    for (const order of this.ofLink(link)) {
      const { delivered, endedAt } = this.delivery(order, now);
      count += delivered - (this.#isRefilled(order.order, now) ? 0 : droppedBy(order, now, endedAt));
    }
    return count;
  }

  /** The count that the counter source answers. */
  count(link: string): number {
    const lie = this.#counterLies.get(link);
    if (lie === undefined) return this.trueCount(link);
    return 'count' in lie ? lie.count : this.trueCount(link) + lie.offset;
  }

  /** The refill's status word at `now`. */
  refillStatus(refill: Refill, now = this.now()): string {
    const share = (now - refill.at) / (refill.seconds * 1000);
    if (share >= 1) return refill.rejected ? 'Rejected' : 'Completed';
    return share < 0.25 ? 'Pending' : 'In progress';
  }

  #isRefilled(order: number, now: number): boolean {
    return [...this.refills.values()].some((one) => one.order === order && this.refillStatus(one, now) === 'Completed');
  }

  /**
   * Balance in units of 1e-8: deposits (`paidIn`, same unit) less prices, with a refund for what an ended order did not deliver.
   */
  balance(paidIn: bigint): bigint {
    const now = this.now();
    let left = paidIn - this.spent;
    for (const order of this.orders.values()) {
      left += costOf(order, order.quantity * order.runs - this.delivery(order, now).charged);
    }
    return left;
  }
}
