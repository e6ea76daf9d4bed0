import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Deps } from '../../activities/runtime/deps.ts';
import { createNotifications } from '../../activities/runtime/notifications.ts';
import { createOutbox } from '../../activities/webhook/outbox.ts';
import { type OutboxPace, runOutbox } from '../../activities/webhook/run-outbox.ts';
import { createSend } from '../../activities/webhook/send.ts';
import { createTraffic } from '../../activities/webhook/traffic.ts';
import { connect, type Sql } from '../../db/client.ts';
import { listenForDeliveries } from '../../db/webhook/outbox.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { recordStatements, type Statements } from '../support/engines/statements.ts';
import { openReceiver, type Receiver } from '../support/peers/receiver.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { openShop, type Shop } from '../support/worlds/shop.ts';
import { type Customer, customerOf } from '../support/worlds/webhooks.ts';

const soon = { timeout: 20_000, interval: 20 };
const HOUR = 3_600_000;
/** An outbox with this pace finds nothing by itself once it sleeps. */
const SOUND: OutboxPace = { lookMs: 5, quietLooks: 3, sleepsMs: [HOUR] };

let database: TestDatabase;
let api: ServedApi;
let deps: Deps;
let statements: Statements;
let shop: Shop;
let customer: Customer;
let receiver: Receiver;
let webhook: number;

beforeAll(async () => {
  database = await testDatabase();
  const sql = connect(database.appUrl, { name: 'holdfast-test-outbox', max: 5 });
  statements = recordStatements(sql);
  // Nothing here calls Temporal.
  const temporal = new Client({ connection: Connection.lazy() });
  const log = pino({ level: 'silent' });
  deps = { sql, temporal, masterKey: randomBytes(32), currency: 'USD', allowLoopback: true, log };
  api = await serveApi({ ...deps, appUrl: database.appUrl });
});
beforeEach(async () => {
  shop = await openShop(database.sql);
  customer = await customerOf(database.sql, api, shop.account);
  receiver = await openReceiver();
  webhook = (await customer.webhook({ url: receiver.url })).id;
  return async () => {
    await receiver.close();
    await database.sql`delete from webhook_deliveries`;
  };
});
afterAll(async () => {
  await api.close();
  await deps.sql.end();
  await database.drop();
});

/** Runs an outbox while `act` runs. */
async function withOutbox(pace: OutboxPace, act: () => Promise<void>): Promise<void> {
  const stopped = new AbortController();
  const traffic = createTraffic();
  const outbox = createOutbox(deps, createSend(deps), traffic);
  const notifications = createNotifications<'delivery'>(
    (onOne, onAny) => listenForDeliveries(deps.sql, () => onOne('delivery'), onAny),
    deps.log,
  );
  const run = runOutbox(deps, { outbox, traffic, notifications, lastsMs: HOUR, stop: stopped.signal, pace });
  await act().finally(() => stopped.abort());
  await run;
  await outbox.settled();
}
const sleeps = async () => (await database.sql`select sleeps from outbox`)[0]?.sleeps;
const asleep = () => expect.poll(sleeps, soon).toBe(true);
const told = (count: number) => expect.poll(() => receiver.ids().length, soon).toBe(count);

/** The notifications that a new delivery sends while `act` runs. */
async function notificationsOf(act: () => Promise<void>): Promise<number> {
  const listener: Sql = connect(database.url, { name: 'holdfast-test-listener', max: 1 });
  let heard = 0;
  await listenForDeliveries(
    listener,
    () => {
      heard += 1;
    },
    () => {},
  );
  await act();
  // Notifications arrive in order: the last one shows that the others have arrived.
  const last = new Promise<void>((resolve) => void listener.listen('last', () => resolve()));
  await listener.notify('last', '');
  await last;
  await listener.end();
  return heard;
}

describe('a sleeping outbox', () => {
  it('sends no statement, and an event wakes it', async () => {
    await withOutbox(SOUND, async () => {
      await asleep();
      await expect.poll(() => statements.take(), soon).toEqual([]);
      await shop.order();
      await told(1);
      await asleep();
      await shop.order();
      await told(2);
    });
  });

  it('is woken by a test of a webhook and by a replay too', async () => {
    await withOutbox(SOUND, async () => {
      await asleep();
      const { body } = await customer.ask(`/${webhook}/test`, {});
      await told(1);
      await asleep();
      expect((await customer.ask(`/${webhook}/replay`, { event: body.event })).body).toEqual({ events: 1 });
      await told(2);
    });
  });

  it('misses nothing while the connection on which it listens is lost', async () => {
    await withOutbox(SOUND, async () => {
      await asleep();
      const lost = await database.sql`
        select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query ilike 'listen %outbox%'`;
      expect(lost.length).toBeGreaterThan(0);
      await shop.order();
      await told(1);
      await asleep();
      await shop.order();
      await told(2);
    });
  });

  it('finds by itself an event whose transaction began while it was awake', async () => {
    await database.sql`update outbox set sleeps = false`;
    const order = await shop.order();
    const late = await database.sql.reserve();
    await late`begin`;
    await late`select add_event(${order}, 'order.stalled', 'system', now())`;
    await withOutbox({ ...SOUND, sleepsMs: [5] }, async () => {
      await told(1);
      await asleep();
      expect(await notificationsOf(async () => void (await late`commit`))).toBe(0);
      await told(2);
    });
    late.release();
  });
});

describe('an outbox that is awake', () => {
  it('is sent no NOTIFY, whatever is written', async () => {
    await database.sql`update outbox set sleeps = false`;
    const write = async () => {
      for (let order = 0; order < 5; order += 1) await shop.order();
    };
    expect(await notificationsOf(write)).toBe(0);
    await database.sql`update outbox set sleeps = true`;
    expect(await notificationsOf(write)).toBe(5);
  });

  it('sleeps only once its requests are over', async () => {
    const held: ServerResponse[] = [];
    receiver.answer = (response) => void held.push(response);
    await withOutbox(SOUND, async () => {
      await shop.order();
      await expect.poll(() => receiver.heard.length, soon).toBe(1);
      const looks = () => statements.take().filter((text) => text.includes('take_deliveries')).length;
      let seen = 0;
      const all = () => {
        seen += looks();
        return seen;
      };
      await expect.poll(all, soon).toBeGreaterThan(10);
      expect(await sleeps()).toBe(false);
      held[0]?.writeHead(204).end();
      await asleep();
    });
  });
});
