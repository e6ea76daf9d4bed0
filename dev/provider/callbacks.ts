import { createHmac, randomUUID } from 'node:crypto';
import type { Book } from './book.ts';
import { isEnded, scriptOf } from './delivery.ts';
import type { OrderState } from './order.ts';
import type { Callback } from './settings.ts';

const POLL_MS = 200;
const TIMEOUT_MS = 5_000;

/** Sends one callback when an order ends and one when its final status changes. A failed callback is not retried. */
export class Callbacks {
  readonly #book: Book;
  readonly #timer: NodeJS.Timeout;
  /** Orders that may still end, or change their final status, with the final status sent last. */
  readonly #open = new Map<number, string>();
  #nextOrder: number;

  constructor(book: Book) {
    this.#book = book;
    this.#nextOrder = book.nextOrder;
    for (const order of book.orders.values()) this.#open.set(order.order, this.#endOf(order, book.now()));
    this.#timer = setInterval(() => this.#poll(), POLL_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #poll(): void {
    const { orders, settings, nextOrder } = this.#book;
    if (settings.callback === null) return;
    while (this.#nextOrder < nextOrder) this.#open.set(this.#nextOrder++, '');
    const now = this.#book.now();
    for (const [id, told] of this.#open) {
      const order = orders.get(id);
      const end = order === undefined ? '' : this.#endOf(order, now);
      if (end !== '' && end !== told) void sendCallback(settings.callback, id, end);
      if (order === undefined || this.#isDone(order, now)) this.#open.delete(id);
      else this.#open.set(id, end);
    }
  }

  /** The order's final status; empty while it runs. */
  #endOf(order: OrderState, now: number): string {
    const { status } = this.#book.delivery(order, now);
    return isEnded(status) ? status : '';
  }

  #isDone(order: OrderState, now: number): boolean {
    const { endedAt } = this.#book.delivery(order, now);
    const last = Math.max(0, ...scriptOf(order).flips.map(({ afterSeconds }) => afterSeconds));
    return endedAt !== undefined && endedAt + last * 1_000 <= now;
  }
}

/** Sends one message by Standard Webhooks. */
async function sendCallback({ url, secret }: Callback, order: number, status: string): Promise<void> {
  const id = `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const body = JSON.stringify({ order: String(order), status });
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  await fetch(url, { method: 'POST', headers, body, signal }).catch(() => undefined);
}
