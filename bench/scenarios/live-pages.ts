import { setTimeout as delay } from 'node:timers/promises';
import { createKey } from '../../db/account/accounts.ts';
import { openVisitor, type Visitor } from '../../test/support/worlds/visitor.ts';
import { withCpu } from '../measure/cpu.ts';
import { proveBooks } from '../measure/proof.ts';
import { untilMany } from '../measure/until-many.ts';
import type { Bench, Outcome, Scenario } from '../scenario.ts';
import { openStack, pauseReconciler, type Stack } from '../world/stack.ts';
import { placeMany } from '../world/whole-orders.ts';

/** What open pages cost while the orders that they show move. */
export const livePages: Scenario = { name: 'live-pages', run };

/** Orders that a page of the list shows. */
const SHOWN = 50;
/** How often a provider is asked; each time every order has moved. */
const POLL_SECONDS = 10;
/** Open pages of one session; a key may have 20 streams. */
const PAGES_OF_A_SESSION = 10;
const SETTLE_MS = 2_000;
const RUNNING_MS = 120_000;

async function run(bench: Bench): Promise<Outcome> {
  const { pages, orders, rounds } = bench.size.livePages;
  const stack = await openStack(bench);
  const { world, processes } = stack;
  await world.sql`update providers set poll_seconds = ${POLL_SECONDS}`;
  await pauseReconciler(stack);
  keepMoving(stack);
  await placeMany(stack, orders);
  await untilMoving(stack, orders);

  const measured = () => withCpu(processes, () => delay(rounds * POLL_SECONDS * 1_000));
  const without = await measured();
  const open = await openLivePages(stack, pages);
  await delay(SETTLE_MS);
  const heardBefore = open.heard();
  const beside = await measured();
  const heard = open.heard() - heardBefore;
  await open.close();
  if (heard < pages) throw new Error(`${pages} pages heard of ${heard} changes`);
  await proveBooks(world.sql);

  const percent = (seconds = 0) => (seconds * 100) / (rounds * POLL_SECONDS);
  const costs = Object.keys(processes).map((name) => {
    const [used, floor] = [percent(beside.cpu[name]), percent(without.cpu[name])];
    return { name, used, floor, more: used - floor };
  });
  return {
    rows: [
      ...costs.map(({ name, used, floor }) => ({
        measured: `CPU of ${name} with ${pages} live pages of ${orders} orders`,
        against: 'without',
        unit: '% of a core',
        value: used,
        floor,
      })),
      { measured: `messages to ${pages} pages`, unit: 'per second', value: heard / (rounds * POLL_SECONDS) },
    ],
    figures: { livePagesPercentOfCore: costs.reduce((sum, { more }) => sum + more, 0) },
    proof: `${pages} pages followed ${orders} orders, books exact`,
  };
}

/** From now on each status call finds more delivered, and no order ends. */
function keepMoving({ panel }: Stack): void {
  const asked = new Map<string, number>();
  panel.onStatus = (id) => {
    const times = (asked.get(id) ?? 0) + 1;
    asked.set(id, times);
    return { status: 'In progress', remains: String(Math.max(1_000 - times, 1)), charge: '0.5', start_count: '10' };
  };
}

/** Waits until every order has moved twice: the first time, some are asked sooner than after a whole period. */
const untilMoving = ({ world: { sql } }: Stack, orders: number): Promise<void> =>
  untilMany(orders, { what: 'orders move', ms: RUNNING_MS }, async () => {
    const [row] = await sql<{ moving: number }[]>`
      select count(*)::integer as moving from batches where state = 'running' and delivered > 1`;
    return row?.moving ?? 0;
  });

interface OpenPages {
  /** Messages so far. */
  heard(): number;
  close(): Promise<void>;
}

/** Opens so many pages of the list, which show the orders in turn. */
async function openLivePages({ world: { sql }, shop, apis }: Stack, pages: number): Promise<OpenPages> {
  const url = apis[0]?.url ?? '';
  const ids = (await sql<{ id: number }[]>`select id::float8 as id from orders order by id`).map(({ id }) => id);
  const over = new AbortController();
  let heard = 0;
  const streams: Promise<void>[] = [];
  let session: Visitor | undefined;
  for (let page = 0; page < pages; page += 1) {
    if (session === undefined || page % PAGES_OF_A_SESSION === 0) {
      session = openVisitor(url);
      await session.signIn((await createKey(sql, { accountId: shop.account, name: `viewer ${page}` })).key);
    }
    const from = (page * SHOWN) % ids.length;
    const cookie = session.cookieHeader();
    const path = `/app/orders/live?ids=${ids.slice(from, from + SHOWN).join(',')}`;
    const answer = await fetch(url + path, { headers: { cookie }, signal: over.signal });
    if (answer.status !== 200 || answer.body === null) throw new Error(`${path} was answered with ${answer.status}`);
    streams.push(listen(answer.body));
  }
  return {
    heard: () => heard,
    close: async () => {
      over.abort();
      await Promise.allSettled(streams);
    },
  };

  async function listen(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of body) heard += decoder.decode(chunk, { stream: true }).split('event: parts').length - 1;
  }
}
