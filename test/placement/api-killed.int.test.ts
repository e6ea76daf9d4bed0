import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { type ApiProcess, apiProcess } from '../support/engines/api-process.ts';
import type { Shop } from '../support/worlds/shop.ts';
import { type RunningWorkers, realWorld, type World } from '../support/worlds/world.ts';

const MANY = 50;

interface Placed {
  readonly status: number;
  readonly text: string;
  readonly replayed: boolean;
}

let world: World;
let api: ApiProcess;
let workers: RunningWorkers | undefined;

beforeAll(async () => {
  world = await realWorld();
  api = await apiProcess(world);
});
afterAll(async () => {
  await api.close();
  await world.close();
});

/** A customer with money for one order, and functions that request that order under one key. */
async function oneOrder(at = api) {
  const shop = await world.shop({ balance: '0.9' });
  const { key } = await createKey(world.sql, { accountId: shop.account, name: 'test' });
  const body = {
    service: shop.service,
    link: `https://example.com/killed/${shop.service}?sim=seconds:1`,
    quantity: 1000,
  };
  const place = async (more: object = {}): Promise<Placed> => {
    const response = await fetch(`${at.url}/v1/orders`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'idempotency-key': 'the only one',
      },
      body: JSON.stringify({ ...body, ...more }),
    });
    const replayed = response.headers.get('idempotent-replayed') === 'true';
    return { status: response.status, text: await response.text(), replayed };
  };
  return { shop, place, placeMany: () => Array.from({ length: MANY }, () => place()) };
}

/** The code of an error; undefined for an order. */
const codeOf = (text: string): string | undefined => JSON.parse(text).code;

/** An account's claims and orders, and the money held for them. */
async function holdingsOf({ account }: Shop) {
  const [row] = await world.sql`
    select (select count(*)::integer from claims where account_id = ${account}) as claims,
           (select count(*)::integer from orders where account_id = ${account}) as orders,
           (select count(*)::integer from transfers t join orders o on o.id = t.order_id
             where o.account_id = ${account} and t.kind = 'hold') as holds,
           (select balance::text from wallets where account_id = ${account}) as balance`;
  return row;
}

/** When to kill the process. `answers` are those of the running requests. */
type Moment = (shop: Shop, answers: readonly Promise<Placed>[]) => Promise<unknown>;

const claimIs = (state: string): Moment => {
  const stateOf = async ({ account }: Shop) => {
    const [row] = await world.sql`select state from claims where account_id = ${account}`;
    return row?.state;
  };
  return (shop) => expect.poll(() => stateOf(shop), { timeout: 20_000, interval: 1 }).toBe(state);
};

test.each<[string, 'works' | 'is away', Moment]>([
  ['with the request written down and no order yet', 'is away', claimIs('open')],
  ['as soon as the order exists', 'works', claimIs('order')],
  ['when the first has been answered', 'works', (_, answers) => Promise.any(answers)],
])(
  'an API killed %s gives everybody the one order when it is back',
  async (_, worker, moment) => {
    if (worker === 'is away') {
      await workers?.stop();
      workers = undefined;
    } else workers ??= await world.startWorkers();
    const { shop, place, placeMany } = await oneOrder();
    await api.start();
    const before = placeMany();
    const settled = Promise.allSettled(before);
    await moment(shop, before);
    await api.kill();
    const heard = (await settled).flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));

    workers ??= await world.startWorkers();
    await api.start();
    const after = await Promise.all(placeMany());
    const [first] = after;
    expect(after).toEqual(Array(MANY).fill({ status: 201, text: first?.text, replayed: true }));
    expect(JSON.parse(first?.text ?? '')).toMatchObject({ status: 'Pending', charge: '0.9', version: 1 });
    // On a busy machine some may have been told that the outcome is not known.
    for (const { text } of heard) expect([first?.text, 'outcome_unknown']).toContain(codeOf(text) ?? text);
    const other = await place({ quantity: 999 });
    expect([other.status, JSON.parse(other.text).code]).toEqual([422, 'idempotency_key_reused']);

    expect(await holdingsOf(shop)).toEqual({ claims: 1, orders: 1, holds: 1, balance: '0' });
    expect(await verifyLedger(world.sql)).toEqual([]);
  },
  180_000,
);

test('an API that is stopped says so first, answers what it was asked, and then takes nothing more', async () => {
  await workers?.stop();
  workers = undefined;
  const stopping = await apiProcess(world, { env: { API_DRAIN_SECONDS: '2' } });
  try {
    await stopping.start();
    const { shop, place } = await oneOrder(stopping);
    const placed = place();
    await claimIs('open')(shop, []);
    const ended = stopping.stop();
    const ready = () => fetch(`${stopping.url}/readyz`);
    const said = async () => {
      const answer = await ready();
      return [answer.status, answer.headers.get('connection'), await answer.json()];
    };
    await expect.poll(said).toEqual([503, 'close', { status: 'stopping' }]);
    await expect.poll(() => ready().catch((error: Error) => error.cause)).toMatchObject({ code: 'ECONNREFUSED' });

    workers = await world.startWorkers();
    expect((await placed).status).toBe(201);
    await ended;
    expect(await holdingsOf(shop)).toEqual({ claims: 1, orders: 1, holds: 1, balance: '0' });
  } finally {
    await stopping.close();
  }
});
