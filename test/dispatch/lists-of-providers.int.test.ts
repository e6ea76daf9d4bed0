import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { cancelOrder, orderStatuses, refillReports } from '../../activities/provider/panel.ts';

type Fields = Readonly<Record<string, string>>;
interface Answer {
  readonly status?: number;
  readonly body: unknown;
}

/** A provider that answers each call by `answers`. `calls` has each call's fields and time. */
async function panelThat(answers: (fields: Fields) => Answer) {
  const calls: (Fields & { at: number })[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const fields = Object.fromEntries(new URLSearchParams(body));
    calls.push({ ...fields, at: performance.now() } as never);
    const { status = 200, body: said } = answers(fields);
    response.statusCode = status;
    response.end(typeof said === 'string' ? said : JSON.stringify(said));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2`;
  closing.push(() => server.close());
  return { panel: { url, key: 'k', guard: { allowLoopback: true } }, calls };
}

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const row = { status: 'In progress', remains: '10', start_count: '5', charge: '0.1' };
const ids = ['11', '12', '13', '14'];
const single = ({ order }: Fields): Answer => ({
  body: row && order !== undefined ? row : { error: 'Incorrect order ID' },
});
const list = ({ orders = '' }: Fields): Answer => ({
  body: Object.fromEntries(orders.split(',').map((id) => [id, row])),
});

describe('a provider that is asked about many orders', () => {
  it.each<[string, (fields: Fields) => Answer]>([
    ['400 and a text', () => ({ status: 400, body: 'order is required' })],
    ['400 and an error', () => ({ status: 400, body: { error: 'order is required' } })],
    [
      '422 and a list of errors',
      () => ({ status: 422, body: { errors: { order: ['The order field is required.'] } } }),
    ],
    ['404 and an error', () => ({ status: 404, body: { error: 'Order not found' } })],
    ['an error it is known by', () => ({ body: { error: 'Incorrect request' } })],
    ['an error nobody knows', () => ({ body: { error: 'order is required' } })],
    ['a message', () => ({ body: { status: 'fail', message: 'order is required' } })],
    ['an empty list', () => ({ body: [] })],
    ['an empty object', () => ({ body: {} })],
    ['null', () => ({ body: null })],
    ['the first of them', () => ({ body: row })],
    ['an error for the whole list', ({ orders = '' }) => ({ body: { [orders]: { error: 'Incorrect order ID' } } })],
  ])('and answers with %s, but about single ones, knows no lists', async (_, refused) => {
    const { panel, calls } = await panelThat((fields) =>
      fields.order === undefined ? (fields.orders?.includes(',') ? refused(fields) : list(fields)) : single(fields),
    );
    const heard = await orderStatuses(panel, ids);
    expect(heard.knowsNoLists).toBe(true);
    expect([...(heard.said?.keys() ?? [])]).toEqual(['11', '14']);
    expect(calls.length).toBeLessThanOrEqual(5);
  });

  it('of which only one runs, and refuses it in a list, knows none either', async () => {
    const { panel } = await panelThat((fields) =>
      fields.order === undefined ? { status: 400, body: { error: 'order is required' } } : single(fields),
    );
    expect((await orderStatuses(panel, ['11'])).knowsNoLists).toBe(true);
  });

  it.each<[string, (fields: Fields, nth: number) => Answer]>([
    ['is away', () => ({ status: 503, body: '<html>' })],
    ['is in front of a wall', () => ({ status: 403, body: '<html>' })],
    ['does not know our key', () => ({ body: { error: 'Invalid API key' } })],
    ['is asked too often', () => ({ status: 429, body: { error: 'Rate limit exceeded' } })],
    ['shows a page', () => ({ body: '<html>maintenance</html>' })],
    [
      'breaks for a moment',
      (fields, nth) =>
        nth === 1 ? { body: { error: 'Database error' } } : fields.order ? single(fields) : list(fields),
    ],
    [
      'refuses all for one bad id',
      (fields) => {
        const asked = (fields.orders ?? fields.order ?? '').split(',');
        if (asked.includes('11')) return { body: { error: 'Incorrect order ID' } };
        return fields.order ? single(fields) : list(fields);
      },
    ],
    ['knows none of the orders', () => ({ body: { error: 'Incorrect order ID' } })],
    ['leaves out all of them', () => ({ body: {} })],
    ['fails every call', () => ({ body: { status: 'fail', message: 'Incorrect request' } })],
    ['fails every call without a reason', () => ({ body: { status: 'fail' } })],
  ])('and %s is not taken for one that knows no lists', async (_, answers) => {
    let nth = 0;
    const { panel } = await panelThat((fields) => answers(fields, ++nth));
    expect((await orderStatuses(panel, ids)).knowsNoLists).toBe(false);
  });

  it.each([
    { status: 'fail', message: 'Incorrect request' },
    { status: 'failed', error: 'Too many requests' },
    { status: 'success', data: { 11: row } },
  ])('and replies %j to each call says nothing of any of them', async (body) => {
    const { panel } = await panelThat(() => ({ body }));
    const heard = [await orderStatuses(panel, ids), await orderStatuses(panel, ['11'])];
    const withoutLists = new Set(['status', 'refill_status'] as const);
    heard.push(await orderStatuses({ ...panel, withoutLists }, ids));
    for (const { said, knowsNoLists } of heard) expect([said?.size ?? 0, knowsNoLists]).toEqual([0, false]);
  });

  it('still hears of the others when one bad id spoils the call about all', async () => {
    const { panel } = await panelThat((fields) => {
      const asked = (fields.orders ?? fields.order ?? '').split(',');
      if (asked.includes('12')) return { status: 400, body: { error: 'Incorrect order ID' } };
      return fields.order ? single(fields) : list(fields);
    });
    const { said } = await orderStatuses(panel, ids);
    expect([...(said?.keys() ?? [])].sort()).toEqual(['11', '13', '14']);
  });

  it('still hears of the others when bad ids spoil each quarter of the call', async () => {
    const hundred = Array.from({ length: 100 }, (_, at) => String(1_000 + at));
    const bad = new Set(['1010', '1035', '1060', '1085']);
    const { panel } = await panelThat((fields) => {
      const asked = (fields.orders ?? fields.order ?? '').split(',');
      if (asked.some((id) => bad.has(id))) return { status: 400, body: { error: 'Incorrect order ID' } };
      return fields.order ? single(fields) : list(fields);
    });
    const { said } = await orderStatuses(panel, hundred);
    expect([...(said?.keys() ?? [])].sort()).toEqual(hundred.filter((id) => !bad.has(id)));
  });
});

describe('a provider that knows no lists', () => {
  const withoutLists = new Set(['status', 'refill_status'] as const);

  it('is asked about each order by itself, within a bound of calls a second', async () => {
    const { panel, calls } = await panelThat(single);
    const many = Array.from({ length: 8 }, (_, n) => String(100 + n));
    const halves = [many.slice(0, 4), many.slice(4)];
    const begun = performance.now();
    const heard = await Promise.all(halves.map((half) => orderStatuses({ ...panel, withoutLists }, half)));
    expect(heard.flatMap(({ said }) => [...(said?.keys() ?? [])])).toEqual(many);
    expect(calls.map(({ order }) => order).sort()).toEqual(many);
    // Eight calls at ten a second take at least seven tenths of a second.
    expect(Math.max(...calls.map(({ at }) => at)) - begun).toBeGreaterThan(650);
  });

  it('is not asked about the others once it gives no answers', async () => {
    const { panel, calls } = await panelThat(() => ({ status: 503, body: '' }));
    expect((await orderStatuses({ ...panel, withoutLists }, ids)).said).toBeUndefined();
    expect(calls).toHaveLength(3);
  });

  it('says how each refill stands', async () => {
    const { panel } = await panelThat(({ refill }) => ({ body: { status: refill === '1' ? 'Success' : 'Declined' } }));
    const { said } = await refillReports({ ...panel, withoutLists }, ['1', '2']);
    expect([...(said ?? [])]).toEqual([
      ['1', { status: 'Completed' }],
      ['2', { status: 'Rejected' }],
    ]);
  });

  it('of refills is noticed as one of orders is', async () => {
    const { panel } = await panelThat(({ refill }) =>
      refill === undefined ? { body: { error: 'Incorrect request' } } : { body: { status: 'Pending' } },
    );
    const heard = await refillReports(panel, ['1', '2']);
    expect(heard.knowsNoLists).toBe(true);
    expect([...(heard.said ?? [])]).toEqual([
      ['1', { status: 'Pending' }],
      ['2', { status: 'Pending' }],
    ]);
  });
});

describe('the wish to stop an order', () => {
  const taken = { body: { cancel: 1 } };
  it.each<[string, (fields: Fields) => Answer, string, number]>([
    ['a panel that knows lists', () => ({ body: [{ order: 11, cancel: 1 }] }), 'accepted', 1],
    [
      'one that knows only `order`',
      (f) => (f.order ? taken : { status: 400, body: 'order is required' }),
      'accepted',
      2,
    ],
    ['one that refuses the list', (f) => (f.order ? taken : { body: { error: 'Incorrect request' } }), 'accepted', 2],
    ['one that reads nothing in it', (f) => (f.order ? taken : { body: [] }), 'accepted', 2],
    ['one that refuses this order', () => ({ body: [{ order: 11, cancel: { error: 'no' } }] }), 'refused', 1],
    ['one that refuses it in both ways', () => ({ body: { error: 'You are not eligible' } }), 'refused', 2],
    ['one that is away', () => ({ status: 503, body: '' }), 'unclear', 1],
    ['one that is asked too often', () => ({ body: { error: 'Rate limit exceeded' } }), 'refused', 1],
    ['one that says nothing', () => ({ body: {} }), 'unclear', 2],
  ])('is said to %s in the way it knows', async (_, answers, expected, asked) => {
    const { panel, calls } = await panelThat(answers);
    expect(await cancelOrder(panel, '11')).toBe(expected);
    expect(calls).toHaveLength(asked);
  });

  it('is said with `order` at once to a provider of which it is known that it knows no lists', async () => {
    const { panel, calls } = await panelThat(() => taken);
    expect(await cancelOrder({ ...panel, withoutLists: new Set(['status'] as const) }, '11')).toBe('accepted');
    expect(calls.map(({ order, orders }) => [order, orders])).toEqual([['11', undefined]]);
  });
});
