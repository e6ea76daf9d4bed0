import { afterAll, describe, expect, inject, it } from 'vitest';
import { digestOf, type OrderOutcome } from './outcome.ts';
import { type SeedResult, Simulation } from './simulation.ts';

const SEEDS = 200;
const ORDERS = 3;

const simulation = await Simulation.open(inject('postgresUrl'));
afterAll(() => simulation.close());

const results: SeedResult[] = [];

describe(`${SEEDS} seeds of faults, odd providers and meddling people`, () => {
  it('break no book, send nothing twice, lose no order, and charge for what was delivered', async () => {
    const failed: string[] = [];
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const result = await simulation.run(seed, { orders: ORDERS });
      results.push(result);
      const { breaches, story } = result;
      if (breaches.length === 0) continue;
      console.log([`seed ${seed}:`, ...story, ...breaches.map((breach) => JSON.stringify(breach))].join('\n  '));
      failed.push(`npm run sim -- --seed ${seed} --orders ${ORDERS}: ${breaches.map(({ rule }) => rule).join(', ')}`);
    }
    expect(failed).toEqual([]);
  });

  it('lead to everything that can become of an order', () => {
    const orders: OrderOutcome[] = results.flatMap(({ outcomes }) => outcomes);
    const told = results.flatMap(({ story }) => story).join('\n');
    const happened = orders.flatMap(({ timeline }) => timeline).join('\n');
    for (const status of ['Completed', 'Partial', 'Canceled']) {
      expect([status, orders.some((order) => order.status === status)]).toEqual([status, true]);
    }
    const points = ['beforeCommit', 'afterCommit', 'beforeSend', 'afterSend'];
    for (const fault of [...points, ': fails', ': dies', ': freezes', 'terminated', 'takes it and hangs up']) {
      expect([fault, told.includes(fault)]).toEqual([fault, true]);
    }
    const events = ['uncertain', 'conflict', 'stalled', 'review', 'paused', 'corrected'].map(
      (what) => `order.${what} `,
    );
    for (const event of [...events, 'resolved.attach ', 'resolved.notPlaced ', 'resolved.cancel ', 'found.attach ']) {
      expect([event, happened.includes(event)]).toEqual([event, true]);
    }
  });

  it('are the same again, whatever was lived before', async () => {
    const busy = results.filter(({ faults }) => faults > 3).slice(0, 5);
    expect(busy.length).toBeGreaterThan(0);
    for (const { seed, outcomes, story } of busy) {
      const again = await simulation.run(seed, { orders: ORDERS });
      expect(again.story).toEqual(story);
      expect(digestOf(again.outcomes)).toBe(digestOf(outcomes));
    }
  });
});
