import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { OrderRequest } from '../../domain/placement/order-terms.ts';
import { apiWorld } from '../support/worlds/api-world.ts';
import { seedPast } from '../support/worlds/past.ts';

const { world, api, shop, key, close } = await apiWorld({ workers: false });
afterAll(close);

const target = (name: string) => `https://example.com/${name}`;

/** The customer's orders by name, in the order in which they were placed. */
const orders: Record<string, number> = {};
const requests: Record<string, Partial<OrderRequest>> = {
  oldest: { reference: '=cmd()', metadata: { note: '@evil', a: 'b' } },
  dripFeed: { quantity: 100, dripFeed: { runs: 3, intervalMinutes: 60 } },
  twice: { link: target('dripFeed') },
  running: {},
  stalled: {},
  canceled: {},
};

beforeAll(async () => {
  for (const [name, request] of Object.entries(requests)) {
    orders[name] = await shop.order({ link: target(name), ...request });
  }
  const started = [orders.running as number, orders.stalled as number].map(String);
  await world.sql`update orders set status = 'In progress', started_at = now() where id = any(${started}::bigint[])`;
  await world.sql`update orders set attention = 'stalled' where id = ${orders.stalled as number}`;
  await world.sql`select settle_order(${orders.canceled as number}, 'Canceled', 0, 'refused', 'provider', now(), '[]', '[]', true)`;
});

const list = (query: string) => api.v1(`/v1/orders?${query}`, { key });

/** The names of the orders that a query finds, in the order of the answer. */
async function found(query: string): Promise<string[]> {
  const { status, body } = await list(query);
  expect([query, status]).toEqual([query, 200]);
  const names = new Map(Object.entries(orders).map(([name, id]) => [id, name]));
  return (body.data as { id: number }[]).map(({ id }) => names.get(id) ?? String(id));
}

describe('the list of orders', () => {
  it('finds pasted ids, whatever is between them, and leaves out what is not the account’s', async () => {
    const pasted = `#${orders.running}, ${orders.oldest}\n${orders.dripFeed};999999999`;
    expect(await found(`ids=${encodeURIComponent(pasted)}`)).toEqual(['running', 'dripFeed', 'oldest']);
    expect(await found(`ids=${orders.running}&ids=${orders.oldest}&sort=createdAt`)).toEqual(['oldest', 'running']);
    expect(await found(`ids=${orders.running},${orders.oldest}&status=Pending`)).toEqual(['oldest']);
    const first = await list(`ids=${orders.running},${orders.oldest}&limit=1`);
    expect(await found(`ids=${orders.running},${orders.oldest}&cursor=${first.body.nextCursor}`)).toEqual(['oldest']);
  });

  it('refuses more ids than it reads at once, and what is no id', async () => {
    const many = await list(`ids=${Array.from({ length: LIMITS.idsInList + 1 }, (_, n) => n + 1)}`);
    expect([many.status, many.body.code, many.body.detail]).toEqual([
      422,
      'too_many_ids',
      'at most 300 ids at once; these are 301',
    ]);
    const odd = await list('ids=12,abc');
    expect([odd.status, odd.body.code, odd.body.errors]).toEqual([
      422,
      'invalid_request',
      [{ path: 'ids', message: '"abc" is not an id' }],
    ]);
  });

  it('finds every order for exactly one link', async () => {
    expect(await found(`link=${target('dripFeed')}`)).toEqual(['twice', 'dripFeed']);
    expect(await found(`link=${target('dripFee')}`)).toEqual([]);
  });

  it('finds several kinds of attention at once', async () => {
    expect(await found('attention=review,stalled')).toEqual(['stalled']);
    expect(await found('attention=review,conflict')).toEqual([]);
    expect(await found('attention=stalled&attention=none')).toEqual(await found(''));
    expect((await list('attention=stalled,gone')).status).toBe(422);
  });

  it('finds several statuses at once, repeated or with commas', async () => {
    const open = ['stalled', 'running', 'twice', 'dripFeed', 'oldest'];
    expect(await found('status=Pending,In%20progress')).toEqual(open);
    expect(await found('status=In%20progress&status=Pending&sort=createdAt')).toEqual(open.toReversed());
    const { status, body } = await list('status=Pending,Done');
    expect([status, body.code, (body.errors as { path: string }[])[0]?.path]).toEqual([
      422,
      'invalid_request',
      'status',
    ]);
  });

  it('goes on from page to page in either order', async () => {
    for (const [sort, right] of [
      ['createdAt', Object.keys(requests)],
      ['-createdAt', Object.keys(requests).toReversed()],
    ] as const) {
      const names: string[] = [];
      for (let cursor = ''; cursor !== 'end'; ) {
        const query = `sort=${sort}&status=Pending,In%20progress,Canceled&limit=2${cursor}`;
        names.push(...(await found(query)));
        const { nextCursor } = (await list(query)).body;
        cursor = nextCursor === null ? 'end' : `&cursor=${nextCursor}`;
      }
      expect(names).toEqual(right);
    }
    expect((await list('sort=price')).body.code).toBe('invalid_request');
  });

  it('goes on behind an order that has left the list since', async () => {
    const [running, stalled] = [orders.running as number, orders.stalled as number];
    const mark = (id: number, attention: string) =>
      world.sql`update orders set attention = ${attention} where id = ${id}`;
    await mark(running, 'stalled');
    const first = await list('attention=stalled&limit=1');
    expect((first.body.data as { id: number }[]).map(({ id }) => id)).toEqual([stalled]);
    await mark(stalled, 'none');
    expect(await found(`attention=stalled&cursor=${first.body.nextCursor}`)).toEqual(['running']);
    await mark(running, 'none');
    await mark(stalled, 'stalled');
  });

  it('tells drip-feeds from the others, and joins its filters', async () => {
    expect(await found('dripFeed=true')).toEqual(['dripFeed']);
    expect(await found('dripFeed=false&status=Pending')).toEqual(['twice', 'oldest']);
    expect(await found(`dripFeed=true&link=${target('dripFeed')}&status=Pending,Processing`)).toEqual(['dripFeed']);
    expect(await found('attention=stalled&status=In%20progress,Pending')).toEqual(['stalled']);
  });
});

describe('a CSV file', () => {
  const csv = (path: string, by = key) =>
    fetch(api.url + path, { headers: { authorization: `Bearer ${by}`, accept: 'text/csv' } });

  it('has the orders that the same filters find as JSON, and no formula', async () => {
    const answer = await csv('/v1/orders?status=Pending&sort=createdAt&limit=1');
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
      expect.stringMatching(/^attachment; filename="orders-\d{4}-\d\d-\d\d\.csv"$/),
    ]);
    const [header = '', oldest = '', ...more] = (await answer.text()).split('\r\n');
    expect(header).toMatch(/^id,status,attention,service,link,.*,reference,metadata$/);
    expect(
      oldest.startsWith(`${orders.oldest},Pending,none,${shop.service},${target('oldest')},1000,1,1000,0.9,0.9,0,USD`),
    ).toBe(true);
    expect(oldest.endsWith(`,'=cmd(),"{""a"":""b"",""note"":""@evil""}"`)).toBe(true);
    expect(more.map((line) => line.split(',')[0])).toEqual([String(orders.dripFeed), String(orders.twice), '']);
  });

  it('has every row, over as many pages as that takes', async () => {
    const count = 2 * LIMITS.csvPage + 20;
    await seedPast(world.sql, shop, { orders: count, accounts: 1 });
    const [{ account } = { account: 0 }] = await world.sql<
      { account: number }[]
    >`select max(id) as account from accounts`;
    const { key: other } = await createKey(world.sql, { accountId: account, name: 'past' });
    const ids = (text: string) =>
      text
        .split('\r\n')
        .slice(1, -1)
        .map((line) => line.split(',')[0]);
    const all = ids(await (await csv('/v1/orders', other)).text());
    expect([all.length, new Set(all).size]).toEqual([count, count]);
    const [{ lines } = { lines: 0 }] = await world.sql<{ lines: number }[]>`
      select count(*)::integer as lines from transfers where wallet_id = ${account}`;
    const statement = await (await csv('/v1/statement', other)).text();
    expect(statement.split('\r\n')[0]).toBe('line,kind,amount,balance,order,note,at');
    expect(ids(statement)).toEqual(Array.from({ length: lines }, (_, n) => String(lines - n)));
  });

  it('is a problem when it is refused, and JSON stays what is answered without asking for it', async () => {
    const refused = await csv('/v1/orders?status=Done');
    expect([refused.status, refused.headers.get('content-type')]).toEqual([422, 'application/problem+json']);
    const json = await fetch(`${api.url}/v1/orders`, { headers: { authorization: `Bearer ${key}`, accept: '*/*' } });
    expect(json.headers.get('content-type')).toBe('application/json');
  });
});
