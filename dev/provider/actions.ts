import { parseMoney } from '../../domain/ledger/money.ts';
import type { Book, Refill } from './book.ts';
import type { CatalogueService } from './catalogue.ts';
import { isEnded, scriptOf } from './delivery.ts';
import { costOf, decimal, type OrderState, totalQuantity } from './order.ts';
import { baseCount, type Fields, PanelError, readWish, targetOf, toOrder, whole } from './placing.ts';
import type { ServiceChange } from './settings.ts';

const MOST_IDS = 100;
const NO_ORDER = 'Incorrect order ID';
const NO_REFILL = 'Refill not found';

/** Status words of a subscription that differ from those of an order. */
const SUBSCRIPTION_WORDS: Readonly<Record<string, string>> = {
  Pending: 'Active',
  Processing: 'Active',
  'In progress': 'Active',
  Partial: 'Expired',
};

/** The ids of a comma list as they were written. Throws PanelError when there are more than 100. */
export function idsOf(list: string | undefined): string[] {
  const ids = (list ?? '').split(',').map((id) => id.trim());
  const named = ids.filter((id) => id !== '');
  if (named.length > MOST_IDS) throw new PanelError(`Too many ids, ${MOST_IDS} at most`);
  return named;
}

function withChange(service: CatalogueService, change: ServiceChange | undefined): CatalogueService {
  const said = Object.entries(change ?? {}).filter(([, value]) => value !== undefined);
  return { ...service, ...Object.fromEntries(said) };
}

/** The actions of panel API v2, without HTTP. Each takes the fields and returns the answer, or throws PanelError. */
export class Actions {
  readonly #book: Book;
  readonly #listed: readonly CatalogueService[];

  constructor(book: Book, services: readonly CatalogueService[]) {
    this.#book = book;
    this.#listed = services;
  }

  /** The services sold now: the initial catalogue with the changes made since. */
  get #services(): readonly CatalogueService[] {
    const { catalogue } = this.#book.settings;
    return this.#listed.flatMap((one) => {
      const change = catalogue[one.service];
      return change === null ? [] : [withChange(one, change)];
    });
  }

  services(): unknown {
    return this.#services;
  }

  /** Accepts an order and resolves when it is on the disk. A refused request is journalled too. */
  async add(fields: Fields, fault: string | undefined): Promise<{ order: number }> {
    const book = this.#book;
    const at = book.now();
    const request = { at, fields, ...(fault === undefined ? {} : { fault }) };
    try {
      const wish = readWish(this.#services, fields, book.scripts.get(targetOf(fields)) ?? '', book.settings);
      if (wish.unique && book.isBusy(wish.link)) throw new PanelError('neworder.error.link_duplicate');
      if (!this.#canPay(costOf(wish, wish.quantity * wish.runs))) {
        throw new PanelError('neworder.error.not_enough_funds');
      }
      const first = book.ofLink(wish.link).length === 0;
      const count = first ? baseCount(book.options.seed, wish.link) : book.trueCount(wish.link, at);
      const placed = toOrder(wish, book.nextOrder, at, wish.scriptedStart ?? count, book.options.seed);
      await book.record({ kind: 'add', ...request, order: placed.order, placed });
      return { order: placed.order };
    } catch (error) {
      if (error instanceof PanelError) await book.record({ kind: 'add', ...request, error: error.message });
      throw error;
    }
  }

  /** Adds up the refunds of ended orders only when the plain sum is too small: that reads every order. */
  #canPay(price: bigint): boolean {
    const paidIn = this.#paidIn();
    return paidIn - this.#book.spent >= price || this.#book.balance(paidIn) >= price;
  }

  #paidIn(): bigint {
    return parseMoney(this.#book.settings.paidIn) ?? 0n;
  }

  balance(): unknown {
    return { balance: decimal(this.#book.balance(this.#paidIn())), currency: this.#book.settings.currency };
  }

  orderOf(id: string | undefined): OrderState | undefined {
    const number = whole(id);
    return number === undefined ? undefined : this.#book.orders.get(number);
  }

  /** A status row: the five fields of an order, all text. A subscription's row has its posts instead. */
  row(order: OrderState): Readonly<Record<string, unknown>> {
    const { status, delivered, charged } = this.#book.delivery(order);
    const { delivered: _, ...forced } = order.forced ?? {};
    if (order.each !== undefined) {
      const orders = Array.from({ length: delivered }, (__, post) => order.order * 1_000 + post);
      const { expiry = '' } = order;
      return { status: SUBSCRIPTION_WORDS[status] ?? status, expiry, posts: String(delivered), orders, ...forced };
    }
    return {
      charge: decimal(costOf(order, charged)),
      start_count: String(order.startCount),
      status,
      remains: String(totalQuantity(order) - delivered),
      currency: this.#book.settings.currency,
      ...forced,
    };
  }

  /** Status rows by id, in the order of `ids`. An unknown id gets an error row. */
  rows(ids: readonly string[]): [string, Readonly<Record<string, unknown>>][] {
    return ids.map((id) => {
      const order = this.orderOf(id);
      return [id, order === undefined ? { error: NO_ORDER } : this.row(order)];
    });
  }

  /** A page of orders, newest first. Throws PanelError when this panel has no action `orders`. */
  list({ limit, offset }: Fields): unknown {
    const { orders, settings } = this.#book;
    if (!settings.listsOrders) throw new PanelError('Incorrect request');
    const newest = [...orders.values()].sort((a, b) => b.order - a.order);
    const from = whole(offset) ?? 0;
    return newest.slice(from, from + Math.min(whole(limit) ?? MOST_IDS, MOST_IDS)).map((order) => ({
      order: order.order,
      service: order.service,
      link: order.link,
      quantity: totalQuantity(order),
      created: new Date(order.at + settings.clockSkewMs).toISOString(),
      ...this.row(order),
    }));
  }

  async refill(fields: Fields): Promise<unknown> {
    if (fields.orders === undefined) return { refill: String(await this.#refillOne(fields.order)) };
    return this.#each(fields.orders, 'refill', (id) => this.#refillOne(id));
  }

  async #refillOne(id: string | undefined): Promise<number> {
    const book = this.#book;
    const order = this.orderOf(id);
    if (order === undefined) throw new PanelError(NO_ORDER);
    const script = scriptOf(order);
    const { status } = book.delivery(order);
    if (!this.#service(order)?.refill || status !== 'Completed' || script.onRefill === 'refuse') {
      throw new PanelError('Order not eligible for refill.');
    }
    const running = [...book.refills.values()].some(
      (one) => one.order === order.order && !['Completed', 'Rejected'].includes(book.refillStatus(one)),
    );
    if (running) throw new PanelError('You are not eligible to send refill request.');
    const seconds = typeof script.onRefill === 'number' ? script.onRefill : book.settings.refillSeconds;
    const refill: Refill = {
      refill: book.nextRefill,
      order: order.order,
      at: book.now(),
      seconds,
      rejected: script.onRefill === 'reject',
    };
    await book.record({ kind: 'refill', ...refill });
    return refill.refill;
  }

  refillStatus(fields: Fields): unknown {
    const wordOf = (id: string | undefined): string => {
      const refill = this.#book.refills.get(whole(id) ?? -1);
      if (refill === undefined) throw new PanelError(NO_REFILL);
      return this.#book.refillStatus(refill);
    };
    if (fields.refills === undefined) return { status: wordOf(fields.refill) };
    return this.#each(fields.refills, 'status', (id) => wordOf(id), 'refill');
  }

  async cancel(fields: Fields): Promise<unknown> {
    if (fields.orders === undefined) return { cancel: await this.#cancelOne(fields.order) };
    return this.#each(fields.orders, 'cancel', (id) => this.#cancelOne(id));
  }

  /** Returns 1: the request was accepted, but the order is not canceled yet. */
  async #cancelOne(id: string | undefined): Promise<number> {
    const order = this.orderOf(id);
    if (order === undefined) throw new PanelError(NO_ORDER);
    const { onCancel } = scriptOf(order);
    const { status } = this.#book.delivery(order);
    if (!this.#service(order)?.cancel || isEnded(status) || onCancel === 'refuse') {
      throw new PanelError('You are not eligible to cancel this order.');
    }
    if (onCancel !== 'ignore') await this.#book.record({ kind: 'cancel', order: order.order, at: this.#book.now() });
    return 1;
  }

  #service(order: OrderState): CatalogueService | undefined {
    return this.#services.find((one) => one.service === order.service);
  }

  /** `[{"<of>":1,"<field>":…}, …]`: one row for each id. An id's error appears only in its own row. */
  async #each(list: string, field: string, one: (id: string) => unknown, of = 'order'): Promise<unknown> {
    const rows: Record<string, unknown>[] = [];
    for (const id of idsOf(list)) {
      try {
        rows.push({ [of]: whole(id) ?? id, [field]: await one(id) });
      } catch (error) {
        if (!(error instanceof PanelError)) throw error;
        rows.push({ [of]: whole(id) ?? id, [field]: { error: error.message } });
      }
    }
    return rows;
  }
}
