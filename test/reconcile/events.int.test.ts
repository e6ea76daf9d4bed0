import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureOutbox } from '../../activities/webhook/ensure-outbox.ts';
import { OUTBOX_WORKFLOW_ID } from '../../workflows/contract.ts';
import { openReceiver } from '../support/peers/receiver.ts';
import { alertAbout, reconcile, reconcilingWorld } from '../support/worlds/reconciling.ts';
import { customerOf } from '../support/worlds/webhooks.ts';

const { world, api, close } = await reconcilingWorld();
const soon = { timeout: 30_000 };

beforeAll(() => ensureOutbox(world.temporal));
afterAll(close);

describe('events', () => {
  async function webhook() {
    const shop = await world.shop();
    const receiver = await openReceiver();
    const customer = await customerOf(world.sql, api, shop.account);
    const { id } = await customer.webhook({ url: receiver.url });
    return { id, customer, receiver };
  }

  it('are sent again after the outbox was ended', async () => {
    await world.temporal.workflow.getHandle(OUTBOX_WORKFLOW_ID).terminate('by a person');
    expect((await reconcile(world))('outbox_lost')).toBe('1 found, 1 repaired');
    const { id, customer, receiver } = await webhook();
    await customer.ask(`/${id}/test`, {});
    await expect.poll(() => receiver.ids().length, soon).toBe(1);
    await receiver.close();
  });

  it('that nobody has tried to send for minutes are an alert, until somebody does', async () => {
    const { id, customer, receiver } = await webhook();
    const alert = () => alertAbout(world, 'events_behind', 'outbox');
    const { sql } = world;
    await sql`insert into webhook_deliveries (event_id, endpoint_id, type, next_attempt_at)
      values (900000001, ${id}, 'webhook.test', now() + interval '1 hour')`;
    const [clerk, thief] = [await sql.reserve(), await sql.reserve()];
    await clerk`begin`;
    await clerk`update webhook_deliveries set next_attempt_at = now() - interval '10 minutes' where endpoint_id = ${id}`;
    // This session is next to get the table, so no worker can take a delivery from here on.
    await thief`begin`;
    const taken = thief`lock table webhook_deliveries in share row exclusive mode`.execute();
    const waits = async () =>
      (
        await sql`
          select from pg_locks where relation = 'webhook_deliveries'::regclass and not granted
            and database = (select oid from pg_database where datname = current_database())`
      ).length;
    await expect.poll(waits, soon).toBeGreaterThan(0);
    await clerk`commit`;
    await taken;
    expect((await reconcile(world))('events_behind')).toBe('1 found, 0 repaired');
    expect(await alert()).toMatchObject({ state: 'open', detail: expect.stringContaining('1 webhooks') });
    await thief`rollback`;
    for (const one of [clerk, thief]) one.release();
    await expect.poll(() => receiver.ids().length, soon).toBe(1);
    await expect.poll(async () => (await customer.log(id))[0], soon).toMatchObject({ state: 'delivered' });
    await reconcile(world);
    expect(await alert()).toMatchObject({ state: 'resolved' });
    await receiver.close();
  });

  it('whose further attempts were ended are tried again', async () => {
    const { id, customer, receiver } = await webhook();
    receiver.answer = (response) => void response.writeHead(500).end();
    await customer.ask(`/${id}/test`, {});
    await expect.poll(async () => (await customer.log(id))[0], soon).toMatchObject({ state: 'retrying' });
    const event = Number(String((await customer.log(id))[0]?.event).slice(4));
    await world.temporal.workflow.getHandle(`event-${event}-${id}`).terminate('by a person');
    await world.sql`
      update webhook_deliveries set next_attempt_at = now() - interval '1 hour' where endpoint_id = ${id}`;
    receiver.answer = (response) => void response.writeHead(204).end();
    await expect.poll(async () => (await reconcile(world))('delivery_lost'), soon).toBe('1 found, 1 repaired');
    await expect.poll(async () => (await customer.log(id))[0], soon).toMatchObject({ state: 'delivered' });
    await receiver.close();
  });
});
