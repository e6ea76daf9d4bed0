import { expect, vi } from 'vitest';
import { readOrder } from '../../../db/order/orders.ts';
import {
  orderWorkflowId,
  type pauseUpdate,
  type refillUpdate,
  type resolveUpdate,
} from '../../../workflows/contract.ts';
import { answered } from '../reads/answered.ts';
import type { World } from '../worlds/world.ts';

const by = 'ann';

/** Waits until `look` passes. Not expect.poll, which belongs to a single test: some orders run in parallel. */
export const eventually = (look: () => Promise<void>): Promise<void> =>
  vi.waitFor(look, { timeout: 40_000, interval: 50 });

/** An order on real engines, for bringing it to a step of its life. */
export class SteppedOrder {
  readonly world: World;
  readonly id: number;
  readonly link: string;

  constructor(world: World, id: number, link: string) {
    this.world = world;
    this.id = id;
    this.link = link;
  }

  get handle() {
    return this.world.temporal.workflow.getHandle(orderWorkflowId(this.id));
  }

  async isNow(expected: object): Promise<void> {
    expect(await readOrder(this.world.sql, this.id)).toMatchObject(expected);
  }

  becomes(expected: object): Promise<void> {
    return eventually(() => this.isNow(expected));
  }

  get sends(): number {
    return this.world.provider.adds(this.link).length;
  }

  /** Forces the provider's status of its last order of the link. */
  async providerSays(word: object): Promise<void> {
    await this.world.provider.force(this.world.provider.orders(this.link).at(-1)?.order ?? 0, word);
  }

  /** Waits until the timeline has an entry, like `cancel.requested by ann`. */
  heard(what: string): Promise<void> {
    const said = async () =>
      (await this.world.sql`select type || ' by ' || actor as what from events where order_id = ${this.id}`).map(
        (row) => row.what,
      );
    return eventually(async () => expect(await said()).toContain(what));
  }

  /** Sends a message as support would, again until the workflow accepts it. */
  async ask(update: typeof resolveUpdate | typeof pauseUpdate | typeof refillUpdate, message: object): Promise<void> {
    const send = () =>
      answered(this.handle.executeUpdate(update as typeof resolveUpdate, { args: [{ by, ...message } as never] }));
    await eventually(async () => expect(await send()).toMatchObject({ ok: true }));
  }
}
