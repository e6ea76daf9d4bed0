import { pino } from 'pino';
import { createRounds } from '../activities/delivery/rounds.ts';
import { orderStatuses } from '../activities/provider/panel.ts';
import { inParallel } from '../activities/runtime/parallel.ts';
import { running } from '../test/support/engines/running.ts';
import type { Benchmark } from './benchmark.ts';
import { proveBooks } from './proof.ts';
import { openRealWorld } from './real-world.ts';

/** Parallel calls that make the orders and the floor's status calls. Does not affect the counted calls. */
const AT_ONCE = 10;
const QUANTITY = 1_000;

/** Calls to a provider in one round that follows many running orders. A count: the same on every machine. */
export const watch: Benchmark = {
  name: 'watch',
  work: 'calls to follow all running orders once',
  floor: 'a status call an order',
  unit: 'calls',
  async open(bench) {
    const { size } = bench;
    const { world, shop, panel } = await openRealWorld(bench);
    const { sql, temporal, masterKey } = world;
    const { order, providers } = shop;
    const [provider = 0] = providers;
    const sold = Array.from({ length: size.watch.orders }, (_, at) => String(at + 1));
    await inParallel(sold, AT_ONCE, async (providerOrder) => {
      const orderId = await order({ link: `https://example.com/watch/${providerOrder}`, quantity: QUANTITY });
      await running(sql, orderId, providerOrder);
    });
    const log = pino({ level: 'silent' });
    const round = createRounds({ sql, temporal, masterKey, currency: 'USD', allowLoopback: true, log });

    let rounds = 0;
    const calls = async (act: () => Promise<unknown>): Promise<number> => {
      const before = panel.calls.length;
      await act();
      return panel.calls.length - before;
    };
    const follow = async (): Promise<void> => {
      rounds += 1;
      const remains = QUANTITY - rounds;
      panel.onStatus = () => ({ status: 'In progress', remains: String(remains), charge: '0.5', start_count: '10' });
      await (await round(provider)).beside;
      const [row] = await sql<{ followed: number }[]>`
        select count(*)::integer as followed from batches where provider_id = ${provider} and remains = ${remains}`;
      if (row?.followed !== sold.length) throw new Error(`${row?.followed} of ${sold.length} orders were followed`);
    };
    const askEach = () =>
      inParallel(sold, AT_ONCE, async (providerOrder) => {
        const { said } = await orderStatuses({ url: panel.url, key: 'any', guard: { allowLoopback: true } }, [
          providerOrder,
        ]);
        if (said?.get(providerOrder) === undefined) throw new Error(`the answer has no row for order ${providerOrder}`);
      });
    return {
      work: () => calls(follow),
      floor: () => calls(askEach),
      prove: async () => {
        await proveBooks(sql);
        return `${sold.length} orders followed in each of ${rounds} rounds, books exact`;
      },
    };
  },
};
