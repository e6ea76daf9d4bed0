import { describe, expect, it } from 'vitest';
import type { Terms } from '../../domain/order/state.ts';
import { HandDrivenOrder } from '../support/model/hand-driven-order.ts';
import { busy, DAY, exhausted, HOUR, MINUTE, START, termsOf, unknown } from '../support/model/order-terms.ts';

const COMPLETED = { status: 'Completed', remains: 0 } as const;
const PARTIAL = { status: 'Partial', remains: 400 } as const;
const CANCELED = { status: 'Canceled', remains: 1000 } as const;

const dripFeed = (more: Partial<Terms> = {}) => new HandDrivenOrder(termsOf({ runs: 4, intervalMs: HOUR, ...more }));
/** When runs were sent, in minutes after the start. */
const minutes = ({ sent }: HandDrivenOrder) =>
  sent.filter(({ resends }) => resends === null).map(({ at }) => Math.round((at - START) / MINUTE));

describe('a drip-feed', () => {
  it('sends its runs at absolute times, whatever became of those before', () => {
    const order = dripFeed();
    order.answers.push(busy(600), unknown);
    order.pass(5 * HOUR);
    expect(minutes(order)).toEqual([0, 60, 70, 120, 180]);
    expect(order.sent.map(({ batch }) => batch)).toEqual([1, 2, 2, 3, 4]);
  });

  it('that is a little late keeps its grid, so that nothing adds up to a drift', () => {
    const order = dripFeed({ runs: 24 });
    for (let run = 1; run < 24; run += 1) {
      order.outage(START + run * HOUR + 31_000 - order.now);
      expect(order.sent.at(-1)).toMatchObject({ batch: run + 1, at: START + run * HOUR + 31_000 });
    }
    expect(order.runsRemain).toBe(false);
  });

  it('after an outage sends one run, and the rest of the schedule shifts', () => {
    const order = dripFeed();
    order.outage(150 * MINUTE);
    order.pass(DAY);
    expect(minutes(order)).toEqual([0, 150, 210, 270]);
  });

  it('after a pause sends what was due then, and the rest of the schedule shifts', () => {
    const order = dripFeed();
    order.pass(30 * MINUTE);
    order.pause();
    order.pass(5 * HOUR);
    order.resume();
    order.pass(DAY);
    expect(minutes(order)).toEqual([0, 330, 390, 450]);
  });

  it('paused and resumed between two runs keeps its times', () => {
    const order = dripFeed();
    order.pass(10 * MINUTE);
    order.pause();
    order.pass(40 * MINUTE);
    order.resume();
    order.pass(DAY);
    expect(minutes(order)).toEqual([0, 60, 120, 180]);
  });

  it('is In progress for its whole length and Completed with its last run, most of them unheard', () => {
    const order = dripFeed();
    for (const run of [1, 2, 3]) {
      order.endsQuietly(run);
      order.pass(HOUR);
      expect([order.status, order.settled]).toEqual(['In progress', undefined]);
    }
    order.says(4, COMPLETED);
    expect(order.settled).toMatchObject({ status: 'Completed', delivered: 4000, reason: null });
    expect(order.timeline).toEqual([]);
  });

  it('is not settled before the last run, when an earlier one lasts longer', () => {
    const order = dripFeed({ runs: 2 });
    order.pass(HOUR);
    order.says(2, PARTIAL);
    expect([order.settled, order.row(2).state]).toEqual([undefined, 'done']);
    order.says(1, COMPLETED);
    expect(order.settled).toMatchObject({ status: 'Partial', delivered: 1600 });
  });

  it('goes on where it was when another workflow takes it up', () => {
    const order = dripFeed();
    order.pass(90 * MINUTE);
    order.endsQuietly(1);
    order.takeUp();
    order.pass(DAY);
    expect(minutes(order)).toEqual([0, 60, 120, 180]);
    for (const run of [2, 3, 4]) order.says(run, COMPLETED);
    expect(order.settled).toMatchObject({ delivered: 4000 });
  });

  it('goes on while a run waits for a person, and is not settled without it', () => {
    const uncertain = dripFeed({ runs: 2, startAt: START + 1 });
    uncertain.answers.push(unknown);
    uncertain.pass(2 * HOUR);
    uncertain.says(2, COMPLETED);
    expect([uncertain.settled, uncertain.attention]).toEqual([undefined, 'uncertain']);
    uncertain.resolve('attach', { providerOrder: '77' });
    uncertain.says(1, COMPLETED);
    expect(uncertain.settled).toMatchObject({ status: 'Completed', delivered: 2000 });
  });
});

describe('a drip-feed whose batches do not end', () => {
  const full = () => {
    const order = dripFeed({ runs: 10_000, intervalMs: MINUTE, reviewAfterMs: 100 * DAY });
    order.pass(5_000 * MINUTE);
    return order;
  };

  it('begins no further run while 2,000 of them are open', () => {
    const order = full();
    expect([order.sent.length, order.state.batches.length]).toEqual([2_000, 2_000]);
  });

  it('goes on once one of them has ended, also without a report, and the runs after it shift', () => {
    const order = full();
    order.endsQuietly(1);
    order.pass(10 * MINUTE);
    expect(order.sent.at(-1)).toMatchObject({ batch: 2_001 });
    for (let run = 2; run < 1_000; run += 1) order.endsQuietly(run);
    order.pass(HOUR);
    const since = minutes(order).slice(2_001);
    expect(since.length).toBeGreaterThan(10);
    expect(since.map((at, run) => at - (since[0] ?? 0) - run)).toEqual(since.map(() => 0));
  });

  it('checks so seldom that a day costs few events, and is held by no batch in another workflow', () => {
    const order = full();
    const checks = new Set<number>();
    for (let minute = 0; minute < 1_440; minute += 1) {
      order.pass(MINUTE);
      checks.add(order.state.nextRunAt);
    }
    expect(checks.size).toBeLessThanOrEqual(145);
    for (let run = 1; run < 1_000; run += 1) order.endsQuietly(run);
    order.takeUp();
    order.pass(10 * MINUTE);
    expect(order.sent.length).toBeGreaterThan(2_000);
  });
});

describe('a run that does not deliver all', () => {
  it('is left at that when the service says to continue', () => {
    const order = dripFeed({ runs: 3 });
    order.says(1, PARTIAL);
    order.pass(HOUR);
    order.says(2, CANCELED);
    order.pass(HOUR);
    order.says(3, COMPLETED);
    expect(order.sent.length).toBe(3);
    expect(order.settled).toMatchObject({ status: 'Partial', delivered: 1600, reason: 'unknown' });
  });

  it.each([
    ['Partial', PARTIAL, 400],
    ['Canceled', CANCELED, 1000],
  ] as const)('is sent again, what is missing of it, when the service says to retry: %s', (_, said, missing) => {
    const order = dripFeed({ runs: 2, afterFailedRun: 'retry' });
    order.says(1, said);
    expect(order.sent.at(-1)).toMatchObject({ batch: 2, quantity: missing, resends: 1 });
    order.says(2, COMPLETED);
    order.pass(HOUR);
    order.says(3, COMPLETED);
    expect(order.settled).toMatchObject({ status: 'Completed', delivered: 2000 });
    expect(order.types).toEqual(['batch.resent']);
  });

  it('and that no route takes is not tried for ever', () => {
    const order = dripFeed({ runs: 2, afterFailedRun: 'retry' });
    order.answers.push(exhausted);
    order.says(1, PARTIAL);
    order.answers.push(exhausted);
    order.pass(HOUR);
    expect(order.settled).toMatchObject({ status: 'Partial', delivered: 600, reason: 'refused' });
    expect(order.types).toEqual(['batch.resent', 'batch.refused', 'batch.refused']);
  });

  it.each([
    ['a Partial', PARTIAL, 600],
    ['a Canceled', CANCELED, 0],
  ] as const)('ends the order when the service says to stop, after %s', (_, said, more) => {
    const order = dripFeed({ runs: 3, afterFailedRun: 'stop' });
    order.pass(HOUR);
    order.says(1, said);
    expect([order.settled, order.types]).toEqual([undefined, ['order.stopped']]);
    order.takeUp();
    order.pass(DAY);
    expect(order.sent.length).toBe(2);
    order.says(2, COMPLETED);
    expect(order.settled).toMatchObject({ status: 'Partial', delivered: 1000 + more });
  });

  it('ends the order when the service says to stop, after one that nobody takes', () => {
    const order = dripFeed({ runs: 3, afterFailedRun: 'stop' });
    order.says(1, COMPLETED);
    order.answers.push(exhausted);
    order.pass(HOUR);
    expect(order.settled).toMatchObject({ status: 'Partial', delivered: 1000, reason: 'refused' });
  });
});

describe('a cancel of a drip-feed', () => {
  it('stops the runs that run, and those to come are never sent', () => {
    const order = dripFeed();
    order.pass(HOUR);
    order.cancel();
    expect(order.stops).toEqual([1, 2]);
    order.pass(DAY);
    expect(order.sent.length).toBe(2);
    order.says(2, { status: 'Canceled', remains: 800, charge: '0.2' });
    order.says(1, COMPLETED);
    expect(order.settled).toMatchObject({ status: 'Partial', delivered: 1200, reason: 'requested', actor: 'ann' });
  });

  it('between two runs settles at once', () => {
    const order = dripFeed();
    order.endsQuietly(1);
    order.cancel();
    expect(order.settled).toMatchObject({ status: 'Partial', delivered: 1000, reason: 'requested' });
  });

  it('does not send again what fell short, nor what waited for its next try', () => {
    const order = dripFeed({ afterFailedRun: 'retry' });
    order.answers.push(busy(DAY / 1_000));
    order.pass(HOUR);
    order.cancel();
    order.says(1, PARTIAL);
    order.pass(2 * DAY);
    expect(order.sent.length).toBe(2);
    expect(order.settled).toMatchObject({ delivered: 600 });
  });
});

describe('the cap on the time In progress', () => {
  it('is each run’s own, and a run that ended without a word calls nobody', () => {
    const order = dripFeed({ reviewAfterMs: 90 * MINUTE });
    order.endsQuietly(1);
    order.pass(149 * MINUTE);
    expect(order.attention).toBe('none');
    order.pass(MINUTE);
    expect(order.attention).toBe('review');
  });

  it('that is passed is no more when the run it is about has ended', () => {
    const order = dripFeed({ reviewAfterMs: 90 * MINUTE });
    order.pass(91 * MINUTE);
    expect(order.attention).toBe('review');
    order.says(1, COMPLETED);
    expect(order.attention).toBe('none');
    order.pass(59 * MINUTE);
    expect(order.attention).toBe('review');
  });

  it('does not count a pause, whenever the run was accepted', () => {
    const order = dripFeed({ runs: 2, reviewAfterMs: 10 * HOUR });
    order.duringSend = () => expect(order.pause().ok).toBe(true);
    order.pass(3 * HOUR);
    expect([order.attention, order.sent.length]).toEqual(['paused', 2]);
    order.resume();
    order.says(1, COMPLETED);
    order.pass(10 * HOUR - 1);
    expect(order.attention).toBe('none');
    order.pass(1);
    expect(order.attention).toBe('review');
  });
});

describe('several runs at once', () => {
  it('are paused while one of them is, and go on when none is any more', () => {
    const order = dripFeed();
    order.pass(HOUR);
    order.says(1, { status: 'Paused' });
    order.says(2, { status: 'In progress', remains: 10 });
    expect(order.attention).toBe('paused');
    order.says(1, CANCELED);
    expect(order.attention).toBe('none');
  });

  it('are stalled while one of them is', () => {
    const order = dripFeed();
    order.pass(HOUR);
    order.says(1, { stalledSince: START });
    order.says(2, { stalledSince: START });
    order.says(2, { remains: 500 });
    expect(order.attention).toBe('stalled');
    order.says(1, COMPLETED);
    expect([order.attention, order.types]).toEqual(['none', ['order.stalled']]);
  });
});
