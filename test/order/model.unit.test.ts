import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TargetCount } from '../../domain/delivery/verification.ts';
import { PROVIDER_STATUSES } from '../../domain/delivery/words.ts';
import type { DispatchOutcome } from '../../domain/dispatch/outcome.ts';
import type { VersionedReport } from '../../domain/order/batch.ts';
import type { Attention } from '../../domain/order/status.ts';
import { HandDrivenOrder } from '../support/model/hand-driven-order.ts';
import { ModelOrder } from '../support/model/model-order.ts';
import { busy, DAY, exhausted, HOUR, MINUTE, paused, refused, termsOf, unknown } from '../support/model/order-terms.ts';
import { scaled } from '../support/run/scale.ts';

interface Real {
  readonly order: HandDrivenOrder;
}
type Command = fc.Command<ModelOrder, Real>;

/** Applies a command to the model and to the order, then compares them. */
function command(name: string, act: (model: ModelOrder, order: HandDrivenOrder) => void): Command {
  return {
    check: () => true,
    run: (model, { order }) => {
      act(model, order);
      model.look();
      agree(model, order);
    },
    toString: () => name,
  };
}

const price = (items: number): bigint => 90_000n * BigInt(items);

function agree(model: ModelOrder, order: HandDrivenOrder): void {
  const { settled, terms } = order;
  expect({ status: order.status, attention: order.attention }).toEqual({
    status: model.status,
    attention: model.attention,
  });
  expect(order.delivered).toBe(model.delivered);
  const { totalQuantity } = terms;
  const charge = price(settled === undefined ? totalQuantity : settled.delivered);
  expect(charge).toBe(price(model.hasEnded ? model.delivered : totalQuantity));
  expect(order.delivered).toBeLessThanOrEqual(totalQuantity);
  const runs = order.sent.filter(({ resends, attempt }) => resends === null && attempt === 1);
  expect(runs.length).toBeLessThanOrEqual(terms.runs);
  // A run begins when it is first sent, or first told to wait.
  const begun = runs.map(({ batch, at }) => Math.min(order.firstWaits.get(batch) ?? at, at));
  begun.slice(1).forEach((at, before) => {
    expect(at - (begun[before] ?? 0)).toBeGreaterThanOrEqual(terms.intervalMs - MINUTE);
    expect(at - (runs[before]?.at ?? 0)).toBeGreaterThanOrEqual(terms.intervalMs / 2);
  });
  // The first count is made at once, the next ones when they are due.
  expect(model.looksInVain).not.toBe(0);
  expect(model.nextLookBy).toBeGreaterThan(order.now);
  expect(order.timeline.map(({ number }) => number)).toEqual(order.timeline.map((_, at) => at + 1));
}

const batch = fc.integer({ min: 1, max: 5 });
const answers: Readonly<Record<string, () => DispatchOutcome>> = {
  refused,
  exhausted,
  unknown,
  busy: busy(90),
  paused: paused(900),
  'paused for long': paused(2 * 86_400),
};
const shows =
  (share: number) =>
  (delivered: number): TargetCount => ({ kind: 'counted', start: 7, count: 7 + delivered * share });
const targets: Readonly<Record<string, HandDrivenOrder['target']>> = {
  all: shows(1),
  enough: shows(0.9),
  'too little': shows(0.8),
  'nothing known': () => ({ kind: 'unanswered' }),
};
const said = fc.record({
  status: fc.constantFrom(...PROVIDER_STATUSES),
  remains: fc.option(fc.constantFrom(-5, 0, 1, 4, 10, 11)),
  charge: fc.option(fc.constantFrom('0', '0.3')),
  startCount: fc.constant(null),
  stalledSince: fc.option(fc.constant(1_000), { freq: 3 }),
});
const actions = fc.constantFrom('extend', 'complete', 'partial', 'cancel', 'redispatch', 'attach', 'notPlaced');

const commands: fc.Arbitrary<Command>[] = [
  fc.constantFrom(...Object.keys(answers)).map((name) =>
    command(`answer(${name})`, (_, order) => {
      order.answers.push(answers[name] ?? refused);
    }),
  ),
  fc.tuple(batch, fc.integer({ min: -2, max: 3 }), said).map(([number, newer, words]) =>
    command(`says(${number}, ${newer > 0 ? '+' : ''}${newer}, ${JSON.stringify(words)})`, (model, order) => {
      const version = Math.max((order.rows.get(number)?.report?.version ?? 0) + newer, 1);
      const report: VersionedReport = { ...words, version };
      model.says(number, report);
      order.tells(number, report);
    }),
  ),
  fc.constantFrom(MINUTE, 45 * MINUTE, 3 * HOUR, DAY).map((ms) =>
    command(`pass(${ms / MINUTE} min)`, (model, order) => {
      model.passes(ms);
      order.pass(ms);
    }),
  ),
  fc.constantFrom(...Object.keys(targets)).map((name) =>
    command(`target(${name})`, (_, order) => {
      order.target = targets[name] ?? shows(1);
    }),
  ),
  fc.constant(0).map(() => command('pause', (model, order) => expect(model.pauses()).toBe(order.pause().ok))),
  fc.constant(0).map(() => command('resume', (model, order) => expect(model.resumes()).toBe(order.resume().ok))),
  fc.constant(0).map(() => command('cancel', (model, order) => expect(model.cancels()).toBe(order.cancel().ok))),
  fc.constant(0).map(() => command('turn', (_, order) => order.freesLink())),
  fc.constant(0).map(() =>
    command('taken up', (model, order) => {
      if (order.settled !== undefined) return;
      model.takenUp();
      order.takeUp();
    }),
  ),
  fc
    .tuple(actions, fc.constantFrom(0, 3, 10, 20), fc.constantFrom(1, 30), fc.boolean())
    .map(([action, delivered, hours, named]) =>
      command(`resolve(${action}, ${delivered}, ${hours}, ${named})`, (model, order) => {
        const [batch] = model.uncertain;
        const numbers = { delivered, hours, providerOrder: '77', ...(named && batch !== undefined ? { batch } : {}) };
        const expected = model.resolves(action, numbers, named);
        expect(order.resolve(action, numbers).ok).toBe(expected);
      }),
    ),
];

/** From here on nothing goes wrong: every send is accepted, and every batch ends. */
function behave(order: HandDrivenOrder): void {
  order.answers.length = 0;
  order.target = shows(1);
  order.freesLink();
  for (let rounds = 0; order.settled === undefined; rounds += 1) {
    if (rounds > 60) throw new Error('this order never ends');
    order.resume();
    for (const [batch, { state }] of order.rows) if (state === 'uncertain') order.resolve('notPlaced', { batch });
    if (order.attention === 'conflict') order.resolve('extend', { hours: 1 });
    for (const [number, { state }] of order.rows) {
      if (state === 'running') order.says(number, { status: 'Completed', remains: 0 });
    }
    order.pass(DAY);
  }
}

const terms = fc.record({
  runs: fc.integer({ min: 1, max: 3 }),
  afterFailedRun: fc.constantFrom<'continue' | 'retry' | 'stop'>('continue', 'retry', 'stop'),
  cancelable: fc.boolean(),
  late: fc.constantFrom(0, 2 * HOUR),
  // Mostly counted, and rarely found: so that every run covers orders of all kinds.
  verify: fc.option(fc.constant({ tolerancePercent: 10, recheckMs: 20 * MINUTE }), { freq: 4 }),
  behind: fc.boolean(),
  shown: fc.constantFrom('all', 'too little', 'too little', 'too little', 'nothing known'),
});

describe('whatever happens to an order, in whatever order', () => {
  it('its life is what a person with pencil and paper would say, and it ends', () => {
    const seen = new Map<Attention | string, number>();
    fc.assert(
      fc.property(
        terms,
        fc.commands(commands, { maxCommands: 40, size: 'max' }),
        ({ late, behind, shown, ...how }, steps) => {
          const plain = termsOf({ quantity: 10, intervalMs: HOUR, reviewAfterMs: 30 * HOUR, ...how });
          const order = new HandDrivenOrder({ ...plain, startAt: plain.startAt + late });
          order.behind = behind && order.rows.size === 0;
          order.target = targets[shown] ?? shows(1);
          const model = new ModelOrder(order);
          fc.modelRun(() => ({ model, real: { order } }), steps);
          const was = order.settled ?? order.attention;
          const key = typeof was === 'string' ? was : was.status;
          seen.set(key, (seen.get(key) ?? 0) + 1);
          if (order.looks.length > 1) seen.set('in vain', (seen.get('in vain') ?? 0) + 1);
          behave(order);
          expect(order.settled?.delivered).toBeLessThanOrEqual(plain.totalQuantity);
          const before = [order.status, order.settled];
          for (const number of order.rows.keys()) order.says(number, { status: 'Canceled', remains: 10 });
          for (const answer of [order.cancel(), order.pause(), order.resume(), order.resolve('complete')]) {
            expect(answer.ok).toBe(false);
          }
          expect([order.status, order.settled, order.attention]).toEqual([...before, 'none']);
        },
      ),
      { numRuns: scaled({ gate: 1_500, release: 20_000 }) },
    );
    // The cases must cover every kind of order.
    const kinds = ['none', 'paused', 'review', 'conflict', 'uncertain', 'in vain', 'Completed', 'Partial', 'Canceled'];
    for (const kind of kinds) expect([kind, seen.get(kind) ?? 0]).not.toEqual([kind, 0]);
  });
});
