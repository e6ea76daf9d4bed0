import { latenciesOf } from '../measure/latencies.ts';
import type { Bench, Outcome, Scenario } from '../scenario.ts';
import type { Customer } from '../world/customer.ts';
import { openPast } from '../world/past.ts';
import { openRealWorld, type RealWorld } from '../world/real-world.ts';
import { openCustomer } from '../world/stack.ts';

/** What a customer reads who has ordered very often, against one who has ordered less. */
export const reads: Scenario = { name: 'reads', run };

/** Order ids in one status request, the most that panel API v2 takes. */
const IDS = 100;

/** A customer with a past, and ids of their orders. */
interface Reader {
  readonly customer: Customer;
  readonly ids: readonly number[];
}

/** One read, of an order that is another one each time. */
const KINDS: Readonly<Record<string, (reader: Reader, time: number) => Promise<number>>> = {
  'GET /v1/orders': ({ customer }) => customer.read('/v1/orders?limit=50'),
  'GET /v1/orders/{id}': ({ customer, ids }, time) => customer.read(`/v1/orders/${ids[time % ids.length]}`),
  [`status of ${IDS} orders (v2)`]: ({ customer, ids }) =>
    customer.readV2({ action: 'status', orders: ids.slice(0, IDS).join(',') }),
  'GET /v1/statement': ({ customer }) => customer.read('/v1/statement?limit=50'),
};

async function run(bench: Bench): Promise<Outcome> {
  const { past, fewer, samples } = bench.size.reads;
  const base = await openRealWorld(bench);
  const long = await openReader(bench, base, past);
  const short = await openReader(bench, base, fewer);
  const compared: { readonly kind: string; readonly long: number; readonly short: number }[] = [];
  for (const [kind, read] of Object.entries(KINDS)) {
    const waits = { long: [] as number[], short: [] as number[] };
    // Both warm up first, and then take turns, so that other load on the machine affects both.
    for (let time = -Math.ceil(samples / 10); time < samples; time += 1) {
      const [ofLong, ofShort] = [await read(long, Math.abs(time)), await read(short, Math.abs(time))];
      if (time < 0) continue;
      waits.long.push(ofLong);
      waits.short.push(ofShort);
    }
    compared.push({ kind, long: latenciesOf(waits.long).p99, short: latenciesOf(waits.short).p99 });
  }
  return {
    rows: compared.map(({ kind, long, short }) => ({
      measured: `${kind}: p99 after ${past} orders`,
      against: `after ${fewer}`,
      unit: 'ms',
      value: long,
      floor: short,
      ratio: long / short,
    })),
    figures: { readP99AtMillionToThousand: Math.max(...compared.map(({ long, short }) => long / short)) },
    proof: `${2 * samples} reads of each kind answered`,
  };
}

/** Opens the past of one account, and reads as its customer. */
async function openReader(bench: Bench, base: RealWorld, orders: number): Promise<Reader> {
  const { sql, shop, api } = await openPast(bench, base, orders);
  const rows = await sql<{ id: number }[]>`select id::float8 as id from orders order by id limit 1000`;
  return { customer: await openCustomer(sql, shop, [api]), ids: rows.map(({ id }) => id) };
}
