import { expect, inject, vi } from 'vitest';
import { createRounds } from '../../../activities/delivery/rounds.ts';
import { createOutbox } from '../../../activities/webhook/outbox.ts';
import { createSend } from '../../../activities/webhook/send.ts';
import { createTraffic } from '../../../activities/webhook/traffic.ts';
import { Reads } from '../../../api/limits/reads.ts';
import { connect } from '../../../db/client.ts';
import { postgresOfOurOwn } from '../engines/engines.ts';
import { type ScriptedPanel, scriptedPanel } from '../peers/panel.ts';
import { openReceiver, type Receiver } from '../peers/receiver.ts';
import { type Tallies, tallies } from '../reads/tally.ts';
import { serveApi } from './api.ts';
import type { Shop } from './shop.ts';
import { type Customer, customerOf } from './webhooks.ts';
import { openWorld, sharedWorkflows, type World } from './world.ts';

/** The providers' watches make one round at their start, and the next one only after the test. */
const NEVER_SECONDS = 86_400;

const PATIENT = { timeout: 30_000, interval: 20 };

/**
 * Real engines on which nothing polls: the test itself makes a round of the watch and a pass of the outbox. Each pool has one
 * connection. A customer with a webhook, and a provider that completes every order at the first poll.
 */
export interface QuietWorld {
  readonly world: World;
  readonly shop: Shop;
  readonly panel: ScriptedPanel;
  readonly receiver: Receiver;
  readonly customer: Customer;
  readonly tallies: Tallies;
  /** Places an order of 1000 over REST v1; returns its id. */
  place(): Promise<number>;
  /** Asks for a refill of an order over REST v1. */
  refill(orderId: number): Promise<void>;
  /** Waits until an order's workflow waits for news, without a query. */
  quiet(orderId: number): Promise<void>;
  /** Makes one round of the provider's watch. */
  round(): Promise<void>;
  /** Waits until the watch has made its one round. */
  watched(): Promise<unknown>;
  /** Sends events until the receiver has had this many more. */
  sendEvents(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function quietWorld(
  service: Readonly<Record<string, string | number | boolean>> = {},
): Promise<QuietWorld> {
  // A server of its own: autovacuum visits the databases of a shared one, and counts as what they do.
  const server = await postgresOfOurOwn({ autovacuum: 'off' });
  const world = await openWorld({
    postgresUrl: server.value,
    temporalAddress: inject('temporalAddress'),
    workflows: sharedWorkflows(),
    connections: 1,
  });
  const { sql, deps } = world;
  const [panel, receiver] = await Promise.all([scriptedPanel(), openReceiver()]);
  panel.onStatus = () => ({ status: 'Completed', remains: '0', charge: '0.5', start_count: '10' });
  const workers = await world.startWorkers();
  const shop = await world.shop({ service, providers: [panel.url] });
  const provider = shop.providers[0] ?? 0;
  await sql`update providers set poll_seconds = ${NEVER_SECONDS}`;

  const [changes, auth, lane] = [1, 2, 3].map(() => connect(world.appUrl, { name: 'holdfast-test-api', max: 1 }));
  if (changes === undefined || auth === undefined || lane === undefined) throw new Error('no pools');
  const api = await serveApi({ ...world, pools: { sql: changes, authSql: auth, reads: new Reads([lane]) } });
  const customer = await customerOf(sql, api, shop.account);
  await customer.webhook({ url: `${receiver.url}/hook` });
  const rounds = createRounds(deps);
  const outbox = createOutbox(deps, createSend(deps), createTraffic());
  const counts = await tallies(world.url, [sql, deps.sql, changes, auth, lane], server.value);

  let placed = 0;
  const quiet = async (orderId: number) => void (await world.quietHistory(orderId));
  return {
    world,
    shop,
    panel,
    receiver,
    customer,
    tallies: counts,
    quiet,
    place: async () => {
      placed += 1;
      const body = { service: shop.service, link: `https://example.com/quiet/${placed}`, quantity: 1000 };
      const answer = await api.v1('/v1/orders', { key: customer.key, body, idempotencyKey: `quiet-${placed}` });
      expect(answer.status).toBe(201);
      const id = answer.body.id as number;
      await vi.waitUntil(() => panel.adds().length === placed, PATIENT);
      await quiet(id);
      return id;
    },
    refill: async (orderId) => {
      const path = `/v1/orders/${orderId}/refills`;
      const answer = await api.v1(path, { key: customer.key, body: {}, idempotencyKey: `refill-${orderId}` });
      expect(answer.status).toBe(202);
    },
    round: async () => (await rounds(provider)).beside,
    watched: () => vi.waitUntil(async () => (await sql`select from watch_rounds`).length > 0, PATIENT),
    sendEvents: async (count) => {
      const before = receiver.heard.length;
      while (receiver.heard.length < before + count) {
        await outbox.take();
        await outbox.settled();
      }
    },
    close: async () => {
      await counts.close();
      await api.close();
      await Promise.all([panel.close(), receiver.close()]);
      await workers.stop();
      for (const pool of [changes, auth, lane]) await pool.end({ timeout: 5 });
      await world.close();
      await server.stop();
    },
  };
}
