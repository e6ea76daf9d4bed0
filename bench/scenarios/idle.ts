import { setTimeout as delay } from 'node:timers/promises';
import { connect, type Sql } from '../../db/client.ts';
import { withCpu } from '../measure/cpu.ts';
import { eventsIn } from '../measure/histories.ts';
import type { Bench, Outcome, Scenario } from '../scenario.ts';
import { openStack } from '../world/stack.ts';
import { liveOrders, proveCompleted } from '../world/whole-orders.ts';

/** A stack that has nothing to do: one webhook, one provider, no order that runs. */
export const idle: Scenario = { name: 'idle', run };

const ORDERS = 3;
/** After this long without an event the outbox sleeps, and PostgreSQL's sessions have reported. */
const QUIET_MS = 10_000;

async function run(bench: Bench): Promise<Outcome> {
  const { seconds } = bench.size.idle;
  const stack = await openStack(bench, { on: bench.engines.countingPostgres });
  const { world, postgres, processes } = stack;
  const outside = await bench.endings.opened(
    'the count of statements',
    async () => connect(postgres.url, { name: 'holdfast-bench-idle', max: 1 }),
    (one) => one.end({ timeout: 5 }),
  );
  await outside`create extension if not exists pg_stat_statements`;
  await liveOrders(stack, ORDERS);
  await delay(QUIET_MS);

  const [events, statements] = [await eventsIn(world.temporal), await statementsOf(outside, world.url)];
  const { cpu } = await withCpu(processes, () => delay(seconds * 1_000));
  const [eventsAfter, statementsAfter] = [await eventsIn(world.temporal), await statementsOf(outside, world.url)];

  const added = eventsAfter - events;
  const perSecond = (statementsAfter - statements) / seconds;
  const share = Object.entries(cpu).map(([name, used]) => ({ name, percent: (used * 100) / seconds }));
  return {
    rows: [
      ...share.map(({ name, percent }) => ({ measured: `CPU of ${name}, idle`, unit: '% of a core', value: percent })),
      {
        measured: 'CPU of the idle stack',
        unit: '% of a core',
        value: share.reduce((sum, { percent }) => sum + percent, 0),
      },
      { measured: 'statements of the idle stack', unit: 'per second', value: perSecond },
      { measured: `events in all histories, in ${seconds} s`, unit: 'events', value: added },
    ],
    figures: { idleEvents: added, idleStatementsPerSecond: perSecond },
    ...(await proveCompleted(stack, ORDERS)),
  };
}

/** Statements that clients have sent to the database of `url`; one that begins or ends a transaction counts too. */
async function statementsOf(outside: Sql, url: string): Promise<number> {
  const [row] = await outside<{ calls: number }[]>`
    select coalesce(sum(s.calls), 0)::float8 as calls
      from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname = ${new URL(url).pathname.slice(1)}`;
  return row?.calls ?? Number.NaN;
}
