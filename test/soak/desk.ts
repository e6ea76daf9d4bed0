import type { Sql } from '../../db/client.ts';
import type { Log } from '../../dev/config.ts';
import { type Customer, customerAt } from '../chaos/customer.ts';
import type { ProviderOrder } from '../chaos/judge/evidence.ts';
import { sleep } from '../chaos/wait.ts';
import type { SoakStack } from './stack.ts';

/** An order in the list of reviews. */
interface Review {
  readonly order: number;
  readonly attention: string;
  readonly uncertain: readonly { readonly batch: number }[];
}

/** How long a person takes before the next look. */
const LOOK_EVERY_MS = 10_000;

/**
 * A member of staff who decides about uncertain orders: looks each up in the provider's own list, attaches what is there, and says
 * of the rest that it was not placed. Anything else that waits for a person is left, and shows at the end.
 */
export class Desk {
  /** Decisions that were taken. */
  decided = 0;
  readonly #sql: Sql;
  readonly #staff: Customer;
  readonly #providerUrl: string;
  readonly #log: Log;

  constructor(sql: Sql, { stack, ways }: SoakStack, log: Log) {
    this.#sql = sql;
    this.#staff = customerAt(`http://127.0.0.1:${ways.api.port}`, stack.adminKey);
    this.#providerUrl = stack.providerUrl;
    this.#log = log;
  }

  /** Decides until `signal` is aborted. */
  async work(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.decideAll().catch((error: unknown) => this.#log(`the desk could not look: ${String(error)}`));
      await sleep(LOOK_EVERY_MS, signal);
    }
  }

  /** Decides about all uncertain orders of the moment. Returns how many orders wait for a person. */
  async decideAll(): Promise<number> {
    const answer = await this.#staff.ask('/v1/admin/reviews?limit=100');
    if (answer?.status !== 200) return 1;
    const reviews = answer.body.data as Review[];
    for (const review of reviews) {
      const [attempt] = review.uncertain;
      if (attempt !== undefined) await this.#decide(review.order, attempt.batch);
    }
    return reviews.length;
  }

  async #decide(order: number, batch: number): Promise<void> {
    const placed = await this.#placedWithoutOwner(order);
    const decision =
      placed === undefined
        ? { action: 'notPlaced', batch }
        : { action: 'attach', batch, providerOrder: String(placed) };
    const body = { ...decision, reason: 'looked up at the provider' };
    const answer = await this.#staff.ask(`/v1/admin/orders/${order}/resolve`, { body });
    if (answer?.status === 202) this.decided += 1;
    else this.#log(`order ${order} was not decided: ${JSON.stringify(answer?.body ?? 'no answer')}`);
  }

  /** An order of the provider for this order's link that no attempt has. */
  async #placedWithoutOwner(order: number): Promise<number | undefined> {
    const rows = await this.#sql<{ link: string; known: string[] }[]>`
      select o.link, array(select provider_order from attempts where order_id = o.id and provider_order is not null) as known
        from orders o where o.id = ${order}`;
    const [row] = rows;
    if (row === undefined) throw new Error(`there is no order ${order}`);
    const listed = await fetch(`${this.#providerUrl}/orders?link=${encodeURIComponent(row.link)}`);
    const there = (await listed.json()) as ProviderOrder[];
    return there.find((one) => !row.known.includes(String(one.order)))?.order;
  }
}
