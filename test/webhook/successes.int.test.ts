import { Client, Connection } from '@temporalio/client';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWriteDown } from '../../activities/webhook/record.ts';
import { type AttemptRecord, recordDelivery, recordSuccesses } from '../../db/webhook/deliveries.ts';
import type { DeliveryRound } from '../../domain/webhook/webhooks.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { openShop, type Shop } from '../support/worlds/shop.ts';
import { type Customer, customerOf } from '../support/worlds/webhooks.ts';

const delivered: AttemptRecord = { state: 'delivered', status: 204, error: null, nextAt: null };
const failed: AttemptRecord = { state: 'failed', status: 500, error: null, nextAt: null };

describe('attempts that succeeded are stored together', () => {
  let database: TestDatabase;
  let api: ServedApi;
  let shop: Shop;
  let customer: Customer;
  let works: number;
  let fails: number;

  beforeAll(async () => {
    database = await testDatabase();
    // Nothing here calls Temporal.
    const temporal = new Client({ connection: Connection.lazy() });
    api = await serveApi({ ...database, temporal, masterKey: Buffer.alloc(32, 7) });
  });
  afterAll(async () => {
    await api.close();
    await database.drop();
  });
  beforeEach(async () => {
    shop = await openShop(database.sql);
    customer = await customerOf(database.sql, api, shop.account);
    [works, fails] = (await Promise.all(
      [1, 2].map(async () => (await customer.webhook({ url: 'http://127.0.0.1:9/hook' })).id),
    )) as [number, number];
    await shop.order();
    const [before] = await pending(fails);
    await recordDelivery(database.sql, before as DeliveryRound, failed);
    await shop.order();
    await shop.order();
  });

  const pending = async (endpoint: number): Promise<DeliveryRound[]> =>
    (await customer.log(endpoint, '?state=pending')).map(({ event }) => ({
      event: Number(String(event).slice(4)),
      endpoint,
      round: 1,
    }));
  const states = async (endpoint: number) =>
    (await customer.log(endpoint)).map(({ state, attempts, lastStatus }) => [state, attempts, lastStatus]);
  const succeed = (rounds: readonly DeliveryRound[]) =>
    recordSuccesses(
      database.sql,
      rounds.map((round) => ({ ...round, status: 200 })),
    );

  it('when their webhook works', async () => {
    expect(await succeed(await pending(works))).toEqual([true, true, true]);
    expect(await states(works)).toEqual(Array(3).fill(['delivered', 1, 200]));
  });

  it('and leave alone what is over, of an earlier round, or of a webhook that fails', async () => {
    const [over, replayed, open] = (await pending(works)) as [DeliveryRound, DeliveryRound, DeliveryRound];
    await recordDelivery(database.sql, over, delivered);
    const [ofFailing] = (await pending(fails)) as [DeliveryRound];
    expect(await succeed([{ ...replayed, round: 0 }, ofFailing, open, over])).toEqual([false, false, true, false]);
    expect(await states(works)).toEqual([
      ['delivered', 1, 204],
      ['pending', 0, null],
      ['delivered', 1, 200],
    ]);
    expect(await pending(fails)).toHaveLength(2);
  });

  it('and wait for no lock', async () => {
    const [locked, open] = (await pending(works)) as [DeliveryRound, DeliveryRound];
    await database.sql.begin(async (tx) => {
      await tx`select from webhook_deliveries where endpoint_id = ${works} and event_id = ${locked.event} for update`;
      expect(await succeed([locked, open])).toEqual([false, true]);
    });
    expect(await succeed([locked])).toEqual([true]);
  });

  it('and those left out are stored each alone: the failing webhook works again', async () => {
    const log = pino({ level: 'silent' });
    const writeDown = createWriteDown({ sql: database.sql, log });
    const rounds = [...(await pending(works)), ...(await pending(fails))];
    await Promise.all(rounds.map((round) => writeDown(round, delivered)));
    expect(await states(works)).toEqual(Array(3).fill(['delivered', 1, 204]));
    expect(await states(fails)).toEqual([...Array(2).fill(['delivered', 1, 204]), ['failed', 1, 500]]);
    const [row] = await database.sql`select failing_since as since from webhook_endpoints where id = ${fails}`;
    expect(row?.since).toBeNull();
  });
});
