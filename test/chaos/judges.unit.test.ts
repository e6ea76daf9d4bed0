import { describe, expect, it } from 'vitest';
import { type Customer, customerAt } from './customer.ts';
import type { Told } from './customers.ts';
import type { AttemptRow, Evidence, OrderRow } from './judge/evidence.ts';
import { type Figure, holds } from './judge/figure.ts';
import { judgeOrders } from './judge/orders.ts';
import { judgeSends } from './judge/sends.ts';
import type { Channel } from './plan.ts';

const link = (name: string) => `https://example.com/chaos/${name}`;
const told = (name: string, { ids = [] as number[], refusal = '', channel = 'v1' as Channel } = {}): Told => ({
  wish: { at: 0, name, link: link(name), channel, quantity: 100, runs: 1, asks: 'nothing', asksAfter: 0 },
  ids,
  unanswered: 0,
  ...(refusal === '' ? {} : { refusal }),
});
const order = (id: number, name: string, attention = 'none'): OrderRow => ({
  id,
  link: link(name),
  status: 'Completed',
  attention,
  settled: attention === 'none',
  price: 100n,
  unitPrice: 1n,
  charge: 100n,
  refunded: 0n,
  delivered: 100,
  canceledBy: null,
});
const attempt = (of: number, state: string, providerOrder: string | null = null, number = 1): AttemptRow => ({
  order: of,
  batch: 1,
  attempt: number,
  state,
  providerOrder,
});

/** A staff client whose list of reviews has these orders. */
const staffShown = (...orders: number[]): Customer => ({
  ...customerAt('http://127.0.0.1:9', 'no key'),
  ask: async () => ({
    status: 200,
    retryAfter: 0,
    body: { data: orders.map((each) => ({ order: each, account: 1 })), nextCursor: null },
  }),
});

/** Evidence of one order that was acknowledged, sent and delivered, with some parts replaced. */
const evidence = (different: Partial<Evidence> = {}): Evidence =>
  ({
    shop: { account: 1 },
    told: [told('one', { ids: [1, 1] })],
    orders: [order(1, 'one')],
    attempts: [attempt(1, 'accepted', '501')],
    providerOrders: [{ order: 501, link: link('one'), delivered: 100 }],
    heard: [],
    staff: staffShown(),
    ...different,
  }) as Evidence;

const broken = (figures: readonly Figure[]): string[] =>
  figures.filter((figure) => !holds(figure)).map(({ what }) => what);

describe('the judges of chaos', () => {
  it('find nothing where all is right', async () => {
    expect(broken([...judgeOrders(evidence()), ...(await judgeSends(evidence()))])).toEqual([]);
  });

  it.each<[string, Partial<Evidence>]>([
    ['acknowledged orders lost', { orders: [] }],
    ['acknowledged orders lost', { orders: [order(1, 'another')], told: [told('one', { ids: [1] }), told('another')] }],
    ['repeated requests that found another order', { told: [told('one', { ids: [1, 2] })] }],
    ['requests that became more than one order', { orders: [order(1, 'one'), order(2, 'one')] }],
    ['refused requests that became an order', { told: [told('one', { refusal: 'insufficient_funds' })] }],
    ['repeatable requests without an answer in the end', { told: [told('one')], orders: [] }],
    ['orders that nobody asked for', { orders: [order(1, 'one'), order(2, 'two')] }],
  ])('find %s', (what, different) => {
    expect(broken(judgeOrders(evidence(different)))).toContain(what);
  });

  it('allow a request that cannot be repeated to become an order or none', () => {
    const lost = told('one', { channel: 'v2' });
    expect(broken(judgeOrders(evidence({ told: [lost] })))).toEqual([]);
    expect(broken(judgeOrders(evidence({ told: [lost], orders: [] })))).toEqual([]);
  });

  const twice = [501, 502].map((id) => ({ order: id, link: link('one'), delivered: 100 }));
  it.each<[string, Partial<Evidence>]>([
    [
      'double sends among confirmed attempts',
      { attempts: [attempt(1, 'accepted', '501'), attempt(1, 'accepted', '502', 2)], providerOrders: twice },
    ],
    ['orders of the provider that no attempt accounts for', { providerOrders: twice }],
    ['confirmed attempts that the provider does not know', { providerOrders: [] }],
    ['attempts whose outcome nobody has decided, nor called uncertain', { attempts: [attempt(1, 'sending')] }],
    [
      'uncertain attempts that nobody is shown',
      { attempts: [attempt(1, 'unknown')], orders: [order(1, 'one', 'uncertain')] },
    ],
    ['orders called uncertain without a reason', { staff: staffShown(1) }],
  ])('find %s', async (what, different) => {
    expect(broken(await judgeSends(evidence(different)))).toContain(what);
  });

  it('allow a provider to have what an uncertain attempt may have placed, if staff are shown it', async () => {
    const uncertain = {
      attempts: [attempt(1, 'unknown')],
      orders: [order(1, 'one', 'uncertain')],
      staff: staffShown(1),
    };
    expect(broken(await judgeSends(evidence(uncertain)))).toEqual([]);
  });
});
