import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { createOrderActivities } from '../../activities/index.ts';
import type { Deps } from '../../activities/runtime/deps.ts';
import { ActivityRuns } from './activity-runs.ts';
import { Agenda } from './agenda.ts';
import { Chance } from './chance.ts';
import { type Breach, check, shownTooMuch } from './checker.ts';
import { seededFaults } from './faults.ts';
import { OrderWorkflow, type Place } from './order-workflow.ts';
import { type OrderOutcome, outcomes } from './outcome.ts';
import { people } from './people.ts';
import { SeededProviders } from './provider.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';
import { claimOf, shopOf } from './seeded-shop.ts';
import { seededWatch } from './seeded-watch.ts';
import { type SimulatedDatabase, simulatedDatabase } from './simulated-database.ts';
import { temporalOf } from './told.ts';
import { virtualClock } from './virtual-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 10, 21, 12);

/** The result of one seed. */
export interface SeedResult {
  readonly seed: number;
  readonly breaches: readonly Breach[];
  /** The result of each order; equal for equal seeds. */
  readonly outcomes: readonly OrderOutcome[];
  /** What happened, one line each, with its virtual time. */
  readonly story: readonly string[];
  readonly faults: number;
  readonly tasks: number;
  readonly replays: number;
  /** Hours of virtual time. */
  readonly hours: number;
}

export interface SeedOptions {
  readonly orders: number;
}

/**
 * Real workflow code in the SDK's own sandbox, real activities, real PostgreSQL and real HTTP, in one process with one virtual
 * clock. Only one thing happens at a time, so the seed decides everything and the same seed repeats exactly.
 */
export class Simulation {
  private readonly database: SimulatedDatabase;
  private readonly sandbox: Sandbox;
  private readonly providers: SeededProviders;
  private readonly masterKey = randomBytes(32);

  private constructor(database: SimulatedDatabase, sandbox: Sandbox, providers: SeededProviders) {
    this.database = database;
    this.sandbox = sandbox;
    this.providers = providers;
  }

  /**
   * Opens a simulation on the PostgreSQL server at this url. `broken`: SQL with a deliberate defect, to test that the checks find
   * it.
   */
  static async open(postgres: string, broken = ''): Promise<Simulation> {
    const log = pino({ level: 'silent' });
    const deps = { sql: undefined, temporal: undefined, log } as unknown as Deps;
    const names = Object.keys(createOrderActivities(deps, { ensure: async () => {} }));
    const [database, sandbox] = await Promise.all([simulatedDatabase(postgres), openSandbox(names)]);
    await database.sql.unsafe(broken);
    const providers = new SeededProviders();
    await providers.open();
    return new Simulation(database, sandbox, providers);
  }

  async close(): Promise<void> {
    this.providers.close();
    await this.sandbox.close();
    await this.database.drop();
  }

  async run(seed: number, { orders }: SeedOptions): Promise<SeedResult> {
    const { database, sandbox, providers, masterKey } = this;
    const { sql } = database;
    await database.empty();
    const clock = virtualClock(START, database.setTime);
    try {
      clock.moveTo(START + 1);
      await clock.tell();
      const chance = new Chance(seed);
      const agenda = new Agenda(clock);
      const lines: string[] = [];
      const story = (line: string) => void lines.push(`${new Date(agenda.now).toISOString()} ${line}`);
      const breaches: Breach[] = [];
      const workflows = new Map<number, OrderWorkflow>();
      const watched = new Set<number>();
      providers.begin(chance);
      providers.story = story;
      providers.now = () => agenda.now;
      providers.begun = agenda.now;
      let runs: ActivityRuns | undefined;
      const activities = (): ActivityRuns => {
        if (runs === undefined) throw new Error('an activity ran before the simulation began');
        return runs;
      };
      providers.sending = () => {
        const { orderId, batch, attempt } = activities().sending as Record<string, number>;
        return `${orderId}/${batch}/${attempt}`;
      };
      providers.isOurs = async (url, id) => {
        const owners = await sql`
          select from batches b join providers p on p.id = b.provider_id where p.url = ${url} and b.provider_order = ${id}`;
        return owners.length > 0;
      };
      const faults = seededFaults(chance, activities, story);
      const deps: Deps = {
        sql,
        temporal: temporalOf(workflows, story),
        masterKey,
        currency: 'USD',
        allowLoopback: true,
        log: pino({ level: 'silent' }),
        faults: faults.hook,
      };
      runs = new ActivityRuns(
        createOrderActivities(deps, { ensure: async (provider) => void watched.add(provider) }),
        clock.tell,
      );
      let calm = false;
      const place: Place = {
        agenda,
        sandbox,
        activities: runs,
        frozenFor: (orderId) => chance.between(1, 7_200, 'frozen', orderId) * 1_000,
        forgets: (orderId, task) => !calm && chance.occurs(0.1, 'forgets', orderId, task),
        broken: (orderId, why) => void breaches.push({ rule: 'workflow', subject: `order ${orderId}`, detail: why }),
      };
      const ann = people(sql, chance, agenda, providers, story);

      const shop = await shopOf(sql, chance, providers, masterKey);
      for (let nth = 1; nth <= orders; nth += 1) {
        agenda.in(chance.between(0, 240, 'placed', nth) * MINUTE, async () => {
          await clock.tell();
          const { orderId, options } = await claimOf(chance, shop, nth, agenda.now);
          story(`order ${orderId} is placed`);
          const begin = () => workflows.set(orderId, new OrderWorkflow(place, { orderId, ...options }));
          begin();
          ann.meddle(orderId, () => workflows.get(orderId) as OrderWorkflow);
          if (chance.occurs(0.1, 'lost', nth)) {
            agenda.in(chance.between(1, 900, 'lost after', nth) * MINUTE + 333, async () => {
              const lost = workflows.get(orderId) as OrderWorkflow;
              if (lost.closed) return;
              story(`order ${orderId}: its workflow is terminated and started again`);
              await lost.terminate();
              begin();
            });
          }
        });
      }

      const look = seededWatch(deps, watched);
      let looks = 0;
      /**
       * Watch rounds are frequent in the first hours, when much happens, and rare later, so that a seed costs less than a second.
       */
      const lookRound = async (): Promise<void> => {
        looks += 1;
        await look();
        breaches.push(...(await shownTooMuch(sql, { providers, now: agenda.now })));
        if (looks % 4 === 0) await ann.decide(workflows, looks, calm);
      };
      for (let minutes = 0; minutes < 36 * 60; ) {
        const step = minutes < 4 * 60 ? 23 : minutes < 12 * 60 ? 53 : 173;
        minutes += step;
        await agenda.runUntil(START + minutes * MINUTE);
        await lookRound();
      }
      story('from here on there are no more faults');
      calm = true;
      faults.calm();
      providers.calm = true;
      for (const { order } of providers.taken) order.hurry(agenda.now);
      const open = async () =>
        Number((await sql`select count(*) as open from orders where settled_at is null`)[0]?.open ?? 0);
      for (let rounds = 0; rounds < 60 && (await open()) > 0; rounds += 1) {
        await agenda.runUntil(agenda.now + (rounds < 10 ? 37 * MINUTE : 5 * HOUR));
        await lookRound();
        await agenda.runUntil(agenda.now + MINUTE);
        await ann.decide(workflows, looks, true);
      }
      // The post-settlement checks look for take-backs at growing intervals.
      for (const hours of [1, 2, 4, 8, 12, 16, 16]) {
        await agenda.runUntil(agenda.now + hours * HOUR);
        await lookRound();
        await ann.decide(workflows, looks, true);
      }
      await agenda.runUntil(agenda.now + HOUR);
      breaches.push(...(await check(sql, { providers, workflows, watched, now: agenda.now })));
      const all = [...workflows.values()];
      for (const workflow of all) await workflow.forget();
      return {
        seed,
        breaches,
        outcomes: await outcomes(sql, providers),
        story: lines,
        faults: faults.count,
        tasks: all.reduce((sum, { tasks }) => sum + tasks, 0),
        replays: all.reduce((sum, { replays }) => sum + replays, 0),
        hours: Math.round((agenda.now - START) / HOUR),
      };
    } finally {
      clock.stop();
    }
  }
}
