import { setTimeout as delay } from 'node:timers/promises';
import { connect, type Sql } from '../../db/client.ts';
import type { Log } from '../../dev/config.ts';
import { Customers } from '../chaos/customers.ts';
import { untilAtRest } from '../chaos/ending.ts';
import { judgeAll } from '../chaos/judge/all.ts';
import { gather } from '../chaos/judge/evidence.ts';
import { counted, type Figure } from '../chaos/judge/figure.ts';
import { openChaosShop } from '../chaos/shop.ts';
import { nothingStruck, strike } from '../chaos/strikes.ts';
import { eventually, sleep } from '../chaos/wait.ts';
import { type Bound, boundsOf } from './bounds.ts';
import { Desk } from './desk.ts';
import { Lists } from './lists.ts';
import type { SoakOptions } from './options.ts';
import { planOf } from './plan.ts';
import { keepFollowing, keepReading } from './readers.ts';
import { boundOf } from './report.ts';
import { readSample, type Sample } from './sample.ts';
import type { SoakStack } from './stack.ts';

/** Limits for coming to rest, for the decisions of the desk after it, and for the alerts to close. */
const REST_MS = 600_000;
const DECIDED_MS = 240_000;
const LOOK_AGAIN_MS = 1_000;
const CALM_MS = 240_000;

export interface RunOptions {
  readonly options: SoakOptions;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Lets customers order at a steady pace while something breaks from time to time, takes samples, waits until everything has ended,
 * and judges.
 * @throws Error when it does not come to rest, or when it is interrupted.
 */
export async function runSoak(soak: SoakStack, { options, log, signal }: RunOptions): Promise<Bound[]> {
  const { stack, ways, providerKey } = soak;
  const sql = connect(stack.databaseUrl, { name: 'holdfast-soak', max: 4 });
  const over = new AbortController();
  try {
    const shop = await openChaosShop(stack, ways, providerKey, { refillsForAll: false });
    const plan = planOf(options);
    const apiUrl = `http://127.0.0.1:${ways.api.port}`;
    const length = options.minutes * 60_000;
    const customers = new Customers({ wishes: plan.wishes, apiUrl, shop, signal, giveUpAfter: length + REST_MS });
    const lists = new Lists(apiUrl, shop, options.seed);
    const desk = new Desk(sql, soak, log);
    const struck = nothingStruck();
    const samples: Sample[] = [];
    const until = AbortSignal.any([signal, over.signal]);
    const timer = setTimeout(() => over.abort(), length);
    const deskOver = new AbortController();
    const desking = desk.work(AbortSignal.any([signal, deskOver.signal]));
    const [, , reads, told] = await Promise.all([
      strike(soak, plan.strikes, { struck, acknowledged: () => customers.acknowledged, log, signal: until }),
      customers.run(),
      keepReading(apiUrl, shop, until),
      keepFollowing(apiUrl, shop, until),
      lists.send(plan.listEvery, until),
      keepSampling({
        sql,
        soak,
        samples,
        every: plan.sampleEvery,
        log,
        signal: until,
        progress: () => customers.progress,
      }),
    ]).finally(() => clearTimeout(timer));
    signal.throwIfAborted();
    log(`the load is over; customers requested ${customers.told.length} orders`);
    await soak.allReady();
    await customers.repeatAll();
    log('customers repeated every request that has a key');
    const fromLists = await lists.told();
    const replayed = await untilAllEnded({ sql, shop, apiUrl, log, desk });
    deskOver.abort();
    await desking;
    const last = await untilCalm(() => sampleNow(sql, soak, length / 1_000));
    const evidence = await gather(soak, { sql, shop, told: [...customers.told, ...fromLists] });
    const figures: Figure[] = [
      counted(
        'processes killed',
        [...struck.killed.values()].reduce((sum, times) => sum + times, 0),
      ),
      counted('processes and engines stopped', struck.stopped),
      counted('times that the provider was down', struck.down),
      counted('times that the provider was slow', struck.delayed),
      counted('reads answered', reads),
      counted('events told by the stream', told),
      counted('lines of long lists', fromLists.length),
      counted('decisions about uncertain orders', desk.decided),
      ...(await judgeAll(stack, evidence, replayed)),
    ];
    const open = evidence.orders
      .filter(({ settled }) => !settled)
      .map(({ id, status, attention }) => `order ${id}: ${status}, ${attention}`);
    return [
      ...boundsOf(samples, last),
      ...figures.map(boundOf),
      { what: 'orders that have not ended', seen: String(open.length), allowed: '0', broken: open },
    ];
  } finally {
    over.abort();
    await sql.end({ timeout: 5 });
  }
}

interface Sampling {
  readonly sql: Sql;
  readonly soak: SoakStack;
  readonly samples: Sample[];
  /** Milliseconds between two samples. */
  readonly every: number;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly progress: () => string;
}

const sampleNow = async (sql: Sql, soak: SoakStack, at: number): Promise<Sample> =>
  readSample(sql, await soak.processes(), at);

/** Takes a sample every so often. One that PostgreSQL does not answer is left out. */
async function keepSampling({ sql, soak, samples, every, log, signal, progress }: Sampling): Promise<void> {
  const began = performance.now();
  while (!signal.aborted) {
    await sleep(every, signal);
    if (signal.aborted) return;
    try {
      const sample = await sampleNow(sql, soak, (performance.now() - began) / 1_000);
      samples.push(sample);
      log(`${progress()}; watch lag ${sample.watchLagSeconds.toFixed(1)} s, ${sample.uncertain} uncertain`);
    } catch (error) {
      log(`no sample: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Waits until every order has ended, those too about which a person had to decide. Returns how many events were asked for. */
async function untilAllEnded({
  desk,
  ...rest
}: Omit<Parameters<typeof untilAtRest>[0], 'limit'> & { desk: Desk }): Promise<number> {
  const deadline = performance.now() + DECIDED_MS;
  let replayed = 0;
  for (;;) {
    replayed += await untilAtRest({ ...rest, limit: REST_MS });
    if ((await desk.decideAll()) === 0 || performance.now() > deadline) return replayed;
    await delay(LOOK_AGAIN_MS);
  }
}

/** The first sample without an open alert; the last one when some stay open. The reconciler closes alerts once a minute. */
async function untilCalm(read: () => Promise<Sample>): Promise<Sample> {
  let last = await read();
  return eventually('no alert is open', CALM_MS, async () => {
    last = await read();
    return last.openAlerts === 0 ? last : undefined;
  }).catch(() => last);
}
