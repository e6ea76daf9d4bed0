import { setTimeout as delay } from 'node:timers/promises';
import { inParallel } from '../../activities/runtime/parallel.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Receiver } from '../../test/support/peers/receiver.ts';
import { archivedOrders } from '../../test/support/worlds/archive.ts';
import { lateTasksIn } from '../measure/histories.ts';
import { latenciesOf } from '../measure/latencies.ts';
import { proveBooks } from '../measure/proof.ts';
import { perSecond } from '../measure/rounds.ts';
import type { Bench, Outcome, Scenario } from '../scenario.ts';
import { openStack, type Stack } from '../world/stack.ts';
import { liveOrders } from '../world/whole-orders.ts';

/** Events on their way to a webhook: how long one takes, and how many a second leave when many wait. */
export const webhooks: Scenario = { name: 'webhooks', run };

const SENT_MS = 120_000;
const POLL_MS = 20;

async function run(bench: Bench): Promise<Outcome> {
  const { orders, alone } = bench.size.webhooks;
  const stack = await openStack(bench);
  const { world, shop, receiver } = stack;
  const arrivals = recordArrivals(stack);
  for (let one = 0; one < alone; one += 1) await liveOrders(stack, 1);
  const waits = arrivals().map(({ waited }) => waited);

  const before = receiver.heard.length;
  const release = holdAnswers(stack);
  await archivedOrders(world.sql, shop, { orders, points: 1, placedDaysAgo: 0, settledDaysAgo: 0 });
  const begun = receiver.heard.length;
  const from = Date.now();
  release();
  const events = await untilAllSent(stack);
  const waiting = events - begun;
  const sent = (waiting * 1_000) / ((arrivals().at(-1)?.at ?? Number.NaN) - from);
  const bodies = receiver.heard.slice(before).map(({ bytes }) => bytes);
  const posted = await postAll(stack, bodies);

  await proveBooks(world.sql);
  if (new Set(receiver.heard.slice(0, events).map(({ id }) => id)).size !== events)
    throw new Error('an event was sent twice');
  const { p50, max } = latenciesOf(waits);
  return {
    rows: [
      {
        measured: `events sent to one webhook, ${waiting} waiting`,
        against: `bare POSTs, ${LIMITS.webhookRequestsEach} at once`,
        unit: 'per second',
        value: sent,
        floor: posted,
        ratio: sent / posted,
      },
      {
        measured: 'from an event to its receiver: slowest',
        against: 'p50',
        unit: 'ms',
        value: max,
        floor: p50,
        ratio: max / p50,
      },
    ],
    figures: {},
    proof: `${events} events received once each, books exact`,
    late: await lateTasksIn(world.temporal, alone),
  };
}

interface Arrival {
  readonly at: number;
  /** Milliseconds since the event. */
  readonly waited: number;
}

/** Records from now on when each event arrives. */
function recordArrivals({ receiver }: Stack): () => readonly Arrival[] {
  const arrivals: Arrival[] = [];
  const answer = receiver.answer;
  receiver.answer = (response, heard) => {
    const at = Date.now();
    arrivals.push({ at, waited: at - Date.parse(heard.body.timestamp) });
    answer(response, heard);
  };
  return () => arrivals;
}

/** The receiver answers nothing from now on, so that events collect. The returned function answers what it has got, and what follows. */
function holdAnswers({ receiver }: Stack): () => void {
  const { answer } = receiver;
  const held: Parameters<Receiver['answer']>[] = [];
  receiver.answer = (...request) => void held.push(request);
  return () => {
    receiver.answer = answer;
    for (const request of held) answer(...request);
  };
}

/** Waits until no delivery is open; returns how many there were. */
async function untilAllSent({ world: { sql } }: Stack): Promise<number> {
  const deadline = performance.now() + SENT_MS;
  for (;;) {
    const [row] = await sql<{ open: number; all: number }[]>`
      select count(*) filter (where state <> 'delivered')::integer as open, count(*)::integer as all from webhook_deliveries`;
    if (row?.open === 0) return row.all;
    if (performance.now() > deadline) throw new Error(`${row?.open} events were not sent in time`);
    await delay(POLL_MS);
  }
}

/** Posts the same bodies from this process. Returns how many a second. */
const postAll = ({ receiver }: Stack, bodies: readonly Buffer[]): Promise<number> =>
  perSecond(bodies.length, () =>
    inParallel(bodies, LIMITS.webhookRequestsEach, async (bytes) => {
      const headers = { 'content-type': 'application/json' };
      await fetch(`${receiver.url}/bare`, { method: 'POST', headers, body: new Uint8Array(bytes) });
    }),
  );
