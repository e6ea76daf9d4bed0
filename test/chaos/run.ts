import { connect } from '../../db/client.ts';
import type { Log } from '../../dev/config.ts';
import { Customers, type Told } from './customers.ts';
import { untilAtRest } from './ending.ts';
import { judgeAll } from './judge/all.ts';
import { gather } from './judge/evidence.ts';
import { counted, type Figure } from './judge/figure.ts';
import type { Plan } from './plan.ts';
import { openChaosShop } from './shop.ts';
import type { ChaosStack } from './stack.ts';
import { nothingStruck, type Struck, strike } from './strikes.ts';

export interface RunOptions {
  readonly plan: Plan;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Limit for the customers' last answers after the last strike. A longer run gets as long as the run itself. */
const AFTERWARDS_MS = 240_000;
const PROGRESS_MS = 10_000;
const REST_MS = 420_000;

/**
 * Lets customers order while things break, waits until everything is at rest, and judges. Returns a figure for each count and
 * each rule.
 * Throws when it does not come to rest, or when it is interrupted.
 */
export async function runChaos(chaos: ChaosStack, { plan, log, signal }: RunOptions): Promise<Figure[]> {
  const { stack, ways, providerKey } = chaos;
  const sql = connect(stack.databaseUrl, { name: 'holdfast-chaos', max: 4 });
  try {
    const shop = await openChaosShop(stack, ways, providerKey);
    const began = performance.now();
    const struck = nothingStruck();
    const apiUrl = `http://127.0.0.1:${ways.api.port}`;
    const last = Math.max(...plan.strikes.map(({ at }) => at), ...plan.wishes.map(({ at }) => at), 0);
    const customers = new Customers({
      wishes: plan.wishes,
      apiUrl,
      shop,
      signal,
      giveUpAfter: last + Math.max(AFTERWARDS_MS, last),
    });
    const progress = setInterval(() => log(customers.progress), PROGRESS_MS);
    await Promise.all([
      strike(chaos, plan.strikes, { struck, acknowledged: () => customers.acknowledged, log, signal }),
      customers.run(),
    ]).finally(() => clearInterval(progress));
    signal.throwIfAborted();
    log(`all strikes are over; customers requested ${customers.told.length} orders`);
    await chaos.allReady();
    await customers.repeatAll();
    log('customers repeated every request that has a key');
    const replayed = await untilAtRest({ sql, shop, apiUrl, log, limit: REST_MS });
    const seconds = Math.round((performance.now() - began) / 1_000);
    const evidence = await gather(chaos, { sql, shop, told: customers.told });
    return [
      counted('seconds', seconds),
      ...strikeFigures(struck, customers.told),
      ...(await judgeAll(stack, evidence, replayed)),
    ];
  } finally {
    await sql.end({ timeout: 5 });
  }
}

const strikeFigures = (
  { killed, everything, frozen, cut, blocked, delayed }: Struck,
  told: readonly Told[],
): Figure[] => [
  counted(
    'processes killed',
    [...killed.values()].reduce((sum, times) => sum + times, 0),
  ),
  ...[...killed].sort().map(([part, times]) => counted(`  ${part}`, times)),
  counted('  all four at the same moment', everything.length),
  counted(
    '  orders acknowledged before the last of these',
    told.filter(({ acknowledgedAt }) => (acknowledgedAt ?? Number.POSITIVE_INFINITY) < (everything.at(-1) ?? 0)).length,
  ),
  counted('processes frozen', frozen),
  counted('ways cut', cut),
  counted('ways blocked', blocked),
  counted('ways slowed down', delayed),
];
