import { inParallel } from '../activities/runtime/parallel.ts';
import { createKey } from '../db/account/accounts.ts';
import { apiProcess } from '../test/support/engines/api-process.ts';
import type { Benchmark } from './benchmark.ts';
import { proveOrders, untilAllSettled } from './proof.ts';
import { openRealWorld } from './real-world.ts';
import { perSecond } from './rounds.ts';

/** The benchmark's one key must not run into its rate limit. */
const UNLIMITED = { RATE_LIMIT_PER_SECOND: '1000000', RATE_LIMIT_BURST: '1000000' };

/** Orders acknowledged by REST v1 in a separate API process, while earlier orders are sent and settled. */
export const placing: Benchmark = {
  name: 'placing',
  work: 'POST /v1/orders acknowledged',
  floor: 'GET /v1/balance, as many at once',
  unit: 'per second',
  async open(bench) {
    const { endings, size } = bench;
    const { world, shop, panel, temporalAddress } = await openRealWorld(bench);
    const { sql } = world;
    const { account, service } = shop;
    await world.startWorkers();
    const { key } = await createKey(sql, { accountId: account, name: 'bench' });
    const api = await endings.opened(
      'the API',
      () => apiProcess(world, { temporalAddress, env: UNLIMITED }),
      (one) => one.close(),
    );
    await api.start();

    const { atOnce, orders, reads } = size.placing;
    const ask = async (path: string, expected: number, init: RequestInit = {}): Promise<void> => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...init.headers };
      const response = await fetch(api.url + path, { ...init, headers });
      const text = await response.text();
      if (response.status !== expected) throw new Error(`${path} answered with ${response.status}: ${text}`);
    };
    let placed = 0;
    const place = (): Promise<void> => {
      placed += 1;
      return ask('/v1/orders', 201, {
        method: 'POST',
        headers: { 'idempotency-key': `bench-${placed}` },
        body: JSON.stringify({ service, link: `https://example.com/placing/${placed}`, quantity: 1_000 }),
      });
    };
    const many = (count: number, act: () => Promise<void>) =>
      perSecond(count, () => inParallel(Array.from({ length: count }), atOnce, act));
    return {
      work: async () => {
        const rate = await many(orders, place);
        // Wait, so that unfinished work on these orders does not slow the floor's round.
        await untilAllSettled(sql);
        return rate;
      },
      floor: () => many(reads, () => ask('/v1/balance', 200)),
      prove: () =>
        proveOrders(sql, { orders: placed, status: 'Completed', batches: placed, adds: panel.adds().length }),
    };
  },
};
