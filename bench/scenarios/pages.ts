import { createKey, createStaffKey } from '../../db/account/accounts.ts';
import { withIds } from '../../test/support/pages/shown-pages.ts';
import { openVisitor, type Visitor } from '../../test/support/worlds/visitor.ts';
import { latenciesOf, timed } from '../measure/latencies.ts';
import type { Bench, Outcome, Scenario } from '../scenario.ts';
import { openPast } from '../world/past.ts';
import { openRealWorld } from '../world/real-world.ts';

/** The HTML of every page of customers and staff, after many orders of one account. */
export const pages: Scenario = { name: 'pages', run };

/** Pages of customers. `:order`, `:service` and `:account` stand for ids. */
const APP = [
  '',
  '/orders',
  '/orders?status=Completed',
  '/orders?archived=true',
  '/orders/:order',
  '/new',
  '/new?service=:service',
  '/mass',
  '/refills',
  '/services',
  '/services/:service',
  '/statement',
  '/developers',
  '/keys',
  '/sessions',
];

/** Pages of staff. */
const OPS = [
  '',
  '/orders',
  '/orders?status=Partial',
  '/orders/:order',
  '/stuck',
  '/providers',
  '/providers/:provider',
  '/services',
  '/services/:service',
  '/accounts',
  '/accounts/:account',
  '/alerts',
  '/reports',
  '/books',
  '/audit',
];

async function run(bench: Bench): Promise<Outcome> {
  const { past, samples } = bench.size.pages;
  const { visitors, ids } = await openPages(bench, past);
  const waits = new Map<string, number[]>();
  // Every page in turn, so that other load on the machine affects all. The first round does not count.
  for (let round = -1; round < samples; round += 1) {
    for (const [visitor, path] of visitors) {
      const ms = await mustShow(visitor, withIds(path, ids));
      if (round >= 0) waits.set(path, [...(waits.get(path) ?? []), ms]);
    }
  }
  const compared = [...waits].map(([path, all]) => ({ path, ...latenciesOf(all) }));
  return {
    rows: compared.map(({ path, p50, p95 }) => ({
      measured: `${path}: p95 after ${past} orders`,
      against: 'p50',
      unit: 'ms',
      value: p95,
      floor: p50,
      ratio: p95 / p50,
    })),
    figures: { slowestPageP95Ms: Math.max(...compared.map(({ p95 }) => p95)) },
    proof: `${visitors.length} pages were shown ${samples} times each`,
  };
}

async function mustShow(visitor: Visitor, path: string): Promise<number> {
  const { result, ms } = await timed(() => visitor.get(path));
  if (result.status !== 200) throw new Error(`${path} was answered with ${result.status}`);
  return ms;
}

/** Opens the past of one account; its customer and a member of staff have signed in. */
async function openPages(bench: Bench, orders: number) {
  const { sql, shop, api } = await openPast(bench, await openRealWorld(bench), orders);
  const { account, service, providers } = shop;
  const [last] = await sql<{ order: number }[]>`select id::float8 as order from orders order by id desc limit 1`;
  const [customer, staff] = [openVisitor(api.url), openVisitor(api.url, 'ops')];
  await customer.signIn((await createKey(sql, { accountId: account, name: 'bench' })).key);
  await staff.signIn((await createStaffKey(sql)).key);
  const visitors = [
    ...APP.map((path) => [customer, `/app${path}`] as const),
    ...OPS.map((path) => [staff, `/ops${path}`] as const),
  ];
  return { visitors, ids: { account, service, order: last?.order ?? 0, provider: providers[0] ?? 0 } };
}
