import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import { whileDear } from '../support/worlds/dear-orders.ts';

describe('an account at the desk of staff', () => {
  let on: ApiWorld;
  let keys = 0;

  beforeAll(async () => {
    on = await apiWorld({ workers: false });
    for (const name of ['Zeta Media', 'zebra panel', 'ZETA two', '24 hours'])
      await post('/accounts', { name }).then(({ status }) => expect(status).toBe(201));
  });
  /** Proves the books at the end. */
  afterAll(() => on.close());

  const post = (path: string, body: object, idempotencyKey = `k-${++keys}`) =>
    on.api.v1(`/v1/admin${path}`, { key: on.staff, body, idempotencyKey });
  const list = async (query: string) => {
    const { body } = await on.api.v1(`/v1/admin/accounts?${query}`, { key: on.staff });
    return body as { data: { id: number; name: string }[]; nextCursor: string | null };
  };
  const named = async (search: string) => (await list(`search=${search}`)).data.map(({ name }) => name);
  const read = async (id: number | string) => (await on.api.v1(`/v1/admin/accounts/${id}`, { key: on.staff })).body;

  it('is found by the beginning of its name, or by its id, page by page', async () => {
    expect(await named('ze')).toEqual(['zebra panel', 'Zeta Media', 'ZETA two']);
    expect(await named('zeta')).toEqual(['Zeta Media', 'ZETA two']);
    expect([await named('media'), await named('%25'), await named('999999')]).toEqual([[], [], []]);
    expect((await list(`search=${on.shop.account}`)).data).toMatchObject([{ id: on.shop.account }]);
    expect(await named('24%20')).toEqual(['24 hours']);
    const first = await list('search=ze&limit=1');
    const rest = await list(`search=ze&limit=5&cursor=${first.nextCursor}`);
    expect([...first.data, ...rest.data].map(({ name }) => name)).toEqual(['zebra panel', 'Zeta Media', 'ZETA two']);
    expect((await list('limit=2')).data.map(({ name }) => name)).toEqual(['24 hours', 'ZETA two']);
  });

  it('is shown with its wallet, its orders by status and its keys, without their secrets', async () => {
    const { account, order } = await on.world.shop();
    await order();
    const canceled = await order();
    await on.world.sql`
      update orders set status = 'Canceled', settled_at = now(), charge = 0, refunded = price where id = ${canceled}`;
    const made = await post(`/accounts/${account}/keys`, { name: 'main' });
    const shown = await read(account);
    expect(shown).toMatchObject({
      id: account,
      name: 'a customer',
      balance: '998.2',
      held: '0.9',
      currency: 'USD',
      orders: { Pending: 1, Processing: 0, 'In progress': 0, Completed: 0, Partial: 0, Canceled: 1 },
      keys: [{ id: made.body.id, name: 'main', account }],
    });
    expect(JSON.stringify(shown)).not.toContain((made.body.key as string).slice(16));
    for (const id of [999_999, 'x']) expect((await read(id)).code).toBe('unknown_account');
    // The order was canceled past the ledger only to be counted.
    await on.world.sql`
      update orders set status = 'Pending', settled_at = null, charge = price, refunded = 0 where id = ${canceled}`;
  });

  it('has sums above what one wallet or one order can hold', async () => {
    const { account, order } = await on.world.shop();
    const ids = [await order(), await order()];
    expect((await whileDear(on.world.sql, ids, () => read(account))).held).toBe('180000000000');
    const rich = await on.world.shop({ balance: '0' });
    const all = { amount: '90000000000', reason: 'a correction' };
    const { key } = (await post(`/accounts/${rich.account}/keys`, { name: 'reader' })).body;
    for (const reference of ['one', 'two']) {
      expect((await post(`/accounts/${rich.account}/deposits`, { amount: all.amount, reference })).status).toBe(201);
      expect((await post(`/accounts/${rich.account}/debits`, { ...all, reference })).status).toBe(201);
    }
    const { status, body } = await on.api.v1('/v1/statement/totals', { key: key as string });
    expect([status, body]).toMatchObject([200, { deposited: '180000000000', debited: '180000000000' }]);
  });

  it('is debited once for a reference, never below zero, with a line in its statement, and the books prove', async () => {
    const { account } = await on.world.shop({ balance: '10' });
    const { key } = (await post(`/accounts/${account}/keys`, { name: 'reader' })).body;
    const debit = { amount: '4.5', reference: 'chargeback 7', reason: 'the bank reversed the payment' };
    const done = await post(`/accounts/${account}/debits`, debit);
    expect([done.status, done.body]).toEqual([
      201,
      { account, amount: '4.5', balance: '5.5', reference: 'chargeback 7' },
    ]);
    const again = await post(`/accounts/${account}/debits`, debit);
    expect([again.status, again.body]).toEqual([201, done.body]);
    const other = await post(`/accounts/${account}/debits`, { ...debit, amount: '4' });
    expect([other.status, other.body.code]).toEqual([409, 'conflict']);
    const tooMuch = await post(`/accounts/${account}/debits`, { ...debit, amount: '5.50000001', reference: 'more' });
    expect([tooMuch.status, tooMuch.body.code]).toEqual([402, 'insufficient_funds']);
    const atOnce = await Promise.all(
      [1, 2, 3].map((n) => post(`/accounts/${account}/debits`, { ...debit, amount: '2', reference: `at once ${n}` })),
    );
    expect(atOnce.map(({ status }) => status).sort()).toEqual([201, 201, 402]);
    const statement = await on.api.v1('/v1/statement', { key: key as string });
    expect((statement.body.data as { line: number }[]).map(({ line }) => line)).toEqual([4, 3, 2, 1]);
    expect(statement.body.data).toMatchObject([
      { kind: 'debit', amount: '-2', balance: '1.5' },
      { kind: 'debit', amount: '-2', balance: '3.5' },
      { kind: 'debit', amount: '-4.5', balance: '5.5', note: 'chargeback 7', order: null },
      { kind: 'deposit' },
    ]);
    expect(JSON.stringify(statement.body)).not.toContain('reversed');
    const shown = (of: number, query = '', accept = 'application/json') =>
      on.api.v1(`/v1/admin/accounts/${of}/statement${query}`, { key: on.staff, headers: { accept } });
    expect((await shown(account)).body).toEqual(statement.body);
    const first = (await shown(account, '?limit=3')).body;
    expect((await shown(account, `?limit=3&cursor=${first.nextCursor}`)).body).toEqual({
      data: (statement.body.data as unknown[]).slice(3),
      nextCursor: null,
    });
    expect((await shown(account, '?to=2020-01-01T00:00:00Z')).body.data).toEqual([]);
    const unknown = await shown(999_999);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'unknown_account']);
    const today = new Date().toISOString().slice(0, 10);
    const totals = (query: string) => on.api.v1(`/v1/statement/totals${query}`, { key: key as string });
    const none = { deposited: '0', debited: '0', charged: '0', refunded: '0', spent: '0' };
    expect((await totals(`?from=${today}`)).body).toMatchObject({ ...none, deposited: '10', debited: '8.5' });
    expect((await totals(`?to=${today}`)).body).toMatchObject(none);
    expect([(await totals('?from=2020-01-01&to=2020-03-01')).status, (await totals('?from=today')).status]).toEqual([
      422, 422,
    ]);
    expect(await verifyLedger(on.world.sql)).toEqual([]);
    const [drift] = await on.world.sql`select count(*)::integer as count from verify_ledger()`;
    expect(drift?.count).toBe(0);
    for (const wrong of [
      { ...debit, amount: '0' },
      { ...debit, reason: '' },
      { amount: '1', reference: 'x' },
    ])
      expect((await post(`/accounts/${account}/debits`, wrong)).body.code).toBe('invalid_request');
    expect((await post('/accounts/999999/debits', debit)).body.code).toBe('unknown_account');
  });
});
