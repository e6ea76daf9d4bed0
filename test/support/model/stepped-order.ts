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

/** Waits until something is as it should be. Lives that run beside each other cannot use expect.poll: it belongs to one test. */
export const eventually = (look: () => Promise<void>): Promise<void> =>
  vi.waitFor(look, { timeout: 40_000, interval: 50 });

/** An order on real engines that was brought to some step of its life. */
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

  /** The provider's last word about its last order of the link. */
  async providerSays(word: object): Promise<void> {
    await this.world.provider.force(this.world.provider.orders(this.link).at(-1)?.order ?? 0, word);
  }

  /** Waits until something is in its timeline, like `cancel.requested by ann`. */
  heard(what: string): Promise<void> {
    const said = async () =>
      (await this.world.sql`select type || ' by ' || actor as what from events where order_id = ${this.id}`).map(
        (row) => row.what,
      );
    return eventually(async () => expect(await said()).toContain(what));
  }

  /** A message as support sends it, once the workflow is there to take it. */
  async ask(update: typeof resolveUpdate | typeof pauseUpdate | typeof refillUpdate, message: object): Promise<void> {
    const send = () =>
      answered(this.handle.executeUpdate(update as typeof resolveUpdate, { args: [{ by, ...message } as never] }));
    await eventually(async () => expect(await send()).toMatchObject({ ok: true }));
  }
}
