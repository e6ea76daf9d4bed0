import { verifyLedger } from '../../db/ledger/ledger.ts';
import { listDrift, proveLedger } from '../../db/ledger/proof.ts';
import { testDatabase } from '../../test/support/engines/database.ts';
import { archivedOrders } from '../../test/support/worlds/archive.ts';
import { seedPast } from '../../test/support/worlds/past.ts';
import { openShop } from '../../test/support/worlds/shop.ts';
import { timed } from '../measure/latencies.ts';
import { median } from '../measure/rounds.ts';
import type { Bench, Outcome, Scenario } from '../scenario.ts';

/** The proof of the books after a long past: a run of the regular one, and the one that reads everything. */
export const proof: Scenario = { name: 'proof', run };

const MILLION = 1_000_000;
const ACCOUNTS = 1_000;
/** Orders settled between two runs. */
const NEW_ORDERS = 100;
/** Runs until nothing of the past is new any more: one reads it, one confirms that no transfer can appear in it. */
const FIRST_RUNS = 2;

async function run({ engines, endings, size }: Bench): Promise<Outcome> {
  const { past } = size.proof;
  const { url: postgresUrl } = await engines.postgres();
  const { sql } = await endings.opened(
    'the database of the proof',
    () => testDatabase({ postgresUrl }),
    (one) => one.drop(),
  );
  const shop = await openShop(sql, { balance: '1000000' });
  await seedPast(sql, shop, { orders: past, accounts: Math.min(ACCOUNTS, past) });
  for (let first = 0; first < FIRST_RUNS; first += 1) await proveLedger(sql);

  const runs: number[] = [];
  for (let round = 0; round < size.rounds; round += 1) {
    await archivedOrders(sql, shop, { orders: NEW_ORDERS, points: 1, placedDaysAgo: 0, settledDaysAgo: 0 });
    const { result, ms } = await timed(() => proveLedger(sql));
    if (result.stopped !== null || result.newOrders < NEW_ORDERS) {
      throw new Error(`a run of the proof was not whole: ${JSON.stringify(result)}`);
    }
    runs.push(ms / 1_000);
  }
  const whole = await timed(() => verifyLedger(sql));
  const drift = [...whole.result, ...(await listDrift(sql, 1))];
  if (drift.length > 0) throw new Error(`the books have drifted: ${JSON.stringify(drift.slice(0, 3))}`);

  const [seconds, wholeSeconds] = [median(runs), whole.ms / 1_000];
  const scaled = (seconds * MILLION) / past;
  return {
    rows: [
      {
        measured: `a run of the proof after ${past} orders`,
        against: 'the proof of everything',
        unit: 'seconds',
        value: seconds,
        floor: wholeSeconds,
        ratio: seconds / wholeSeconds,
      },
      ...(past < MILLION
        ? [{ measured: `the same × ${MILLION / past}: at most, after a million`, unit: 'seconds', value: scaled }]
        : []),
    ],
    figures: { proofSecondsMillion: scaled },
    proof: `${past + size.rounds * NEW_ORDERS} orders, books exact by both proofs`,
  };
}
