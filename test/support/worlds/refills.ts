import { expect } from 'vitest';
import { createKey } from '../../../db/account/accounts.ts';
import type { RunningProvider } from '../../../dev/provider/provider.ts';
import { orderWorkflowId, refillUpdate, resolveUpdate } from '../../../workflows/contract.ts';
import { answered } from '../reads/answered.ts';
import { booksOf, type OrderBooks } from '../reads/books.ts';
import type { Answer, ServedApi } from './api.ts';
import { mustPlace } from './placing.ts';
import type { Shop, ShopOptions } from './shop.ts';
import type { World } from './world.ts';

let links = 0;

/** A customer of a service with refills, on real engines. Acts over the API. */
export class RefillCustomer {
  readonly world: World;
  readonly api: ServedApi;
  readonly shop: Shop;
  readonly key: string;

  private constructor(world: World, api: ServedApi, shop: Shop, key: string) {
    this.world = world;
    this.api = api;
    this.shop = shop;
    this.key = key;
  }

  /** Opens a shop; by default with a window of 30 days and no cooldown between refills. */
  static async open(world: World, api: ServedApi, { service, ...options }: ShopOptions = {}): Promise<RefillCustomer> {
    const refills = { refill_days: 30, refill_cooldown_seconds: 0, ...service };
    const shop = await world.shop({ service: refills, ...options });
    const { key } = await createKey(world.sql, { accountId: shop.account, name: 'test' });
    return new RefillCustomer(world, api, shop, key);
  }

  newLink(script: string): string {
    links += 1;
    return `https://example.com/refilled/${links}?sim=${script}`;
  }

  /** Places an order of 1000; returns its id. */
  place(link: string): Promise<number> {
    const body = { service: this.shop.service, link, quantity: 1000 };
    return mustPlace(this.api, { key: this.key, body, idempotencyKey: link });
  }

  /** Places an order that completes after a second, and waits for that. */
  async completed(script = 'onrefill:0', link = this.newLink(`seconds:1,${script}`)): Promise<number> {
    const id = await this.place(link);
    await this.becomes(id, { status: 'Completed' });
    return id;
  }

  async read(id: number): Promise<Answer['body']> {
    return (await this.api.v1(`/v1/orders/${id}`, { key: this.key })).body;
  }

  becomes(id: number, expected: object): Promise<void> {
    return expect.poll(() => this.read(id), { timeout: 30_000 }).toMatchObject(expected);
  }

  ask(id: number, reason = 'dropped', idempotencyKey?: string): Promise<Answer> {
    return this.api.v1(`/v1/orders/${id}/refills`, { key: this.key, body: { reason }, idempotencyKey });
  }

  /** The refills of an order, newest first. */
  async refills(id: number): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const { body } = await this.api.v1(`/v1/orders/${id}/refills`, { key: this.key });
    return body.data as Readonly<Record<string, unknown>>[];
  }

  /** Waits until its newest refill is like this. */
  refillBecomes(id: number, expected: object): Promise<void> {
    return expect.poll(async () => (await this.refills(id))[0], { timeout: 30_000 }).toMatchObject(expected);
  }

  async timeline(id: number): Promise<string[]> {
    const { body } = await this.api.v1(`/v1/orders/${id}/timeline?limit=100`, { key: this.key });
    return (body.data as { type: string; by: string }[]).map(({ type, by }) => `${type} by ${by}`);
  }

  handle(id: number) {
    return this.world.temporal.workflow.getHandle(orderWorkflowId(id));
  }

  /** Requests a refill as support does, in the Temporal UI. */
  request(id: number) {
    return answered(this.handle(id).executeUpdate(refillUpdate, { args: [{ by: 'ann', reason: 'asked by mail' }] }));
  }

  /** Sends a person's decision. Returns the answer. */
  decide(id: number, action: object) {
    const args: [never] = [{ by: 'ann', reason: 'looked', ...action } as never];
    return answered(this.handle(id).executeUpdate(resolveUpdate, { args }));
  }

  /** Sends a person's decision, again until it is accepted: the workflow may not know yet that the order waits for one. */
  resolve(id: number, action: object): Promise<void> {
    return expect.poll(() => this.decide(id, action), { timeout: 30_000 }).toMatchObject({ ok: true });
  }

  books(id: number): Promise<OrderBooks> {
    return booksOf(this.world.sql, id);
  }

  /** The order's costs, by batch. */
  async costs(id: number): Promise<Record<string, bigint>> {
    const rows = await this.world.sql<{ step: string; amount: bigint }[]>`
      select step, amount from transfers where order_id = ${id} and kind = 'cost' order by id`;
    return Object.fromEntries(rows.map(({ step, amount }) => [step.split(':')[3], amount]));
  }
}

/** How many refill calls a provider got. */
export const refillCalls = (provider: RunningProvider): number => provider.stats().calls.refill ?? 0;
