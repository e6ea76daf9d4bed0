import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DispatchOutcome } from '../../domain/dispatch/outcome.ts';
import { LIMITS } from '../../domain/limits.ts';
import { attentionOf } from '../../domain/order/timeline.ts';
import type { RefillTerms } from '../../domain/refill/rules.ts';
import { HandDrivenRefills } from '../support/model/hand-driven-refills.ts';
import { busy, DAY, exhausted, HOUR, paused, refused, START, unknown } from '../support/model/order-terms.ts';
import { scaled } from '../support/run/scale.ts';

interface Real {
  readonly order: HandDrivenRefills;
  readonly terms: Pick<RefillTerms, 'cap' | 'cooldownMs'>;
  /** When a count found nothing missing, since the workflow took the order up. */
  readonly inVain: number[];
}
type Command = fc.Command<object, Real>;

const command = (name: string, act: (order: HandDrivenRefills, real: Real) => void): Command => ({
  check: () => true,
  run: (_, real) => {
    act(real.order, real);
    holds(real.order, real.terms);
  },
  toString: () => name,
});

/** Invariants of a window that waits. */
function holds(order: HandDrivenRefills, { cap }: Real['terms']): void {
  const { refills, window, state, again } = order;
  const open = refills.filter(({ stage }) => stage !== 'ended');
  expect(open.length).toBeLessThanOrEqual(1);
  expect(refills.length).toBeLessThanOrEqual(cap);
  const { current } = window;
  expect(current?.stage).toBe(open[0]?.stage);
  const uncertain = [...again.values()].some(({ state }) => state === 'uncertain');
  const expected = uncertain ? 'uncertain' : open[0]?.stage === 'review' ? 'review' : 'none';
  expect([attentionOf(state), order.attention]).toEqual([expected, expected]);
  for (const [at, { missing }] of refills.entries()) {
    const sent = [...again.values()].filter(({ refill }) => refill === at + 1);
    const begun = sent.reduce(
      (sum, { state, quantity, delivered }) => sum + (state === 'done' ? delivered : quantity),
      0,
    );
    expect(begun).toBeLessThanOrEqual(missing ?? 0);
  }
  expect(order.timeline.map(({ number }) => number)).toEqual(order.timeline.map((_, at) => at + 1));
  if (order.isClosed) expect([open.length, order.now >= window.until]).toEqual([0, true]);
  // When only a person can continue, attention must be raised.
  else if (order.until === null) expect(expected).not.toBe('none');
}

const sends: Readonly<Record<string, () => DispatchOutcome>> = {
  refused,
  exhausted,
  unknown,
  busy: busy(600),
  paused: paused(9 * 86_400),
};
const asked = fc.record({ taken: fc.nat(1), refused: fc.nat(1), unclear: fc.constantFrom(0, 0, 0, 1) });
const actions = fc.constantFrom('extend', 'complete', 'partial', 'cancel', 'redispatch', 'attach', 'notPlaced');

const commands: fc.Arbitrary<Command>[] = [
  fc.constant(0).map(() =>
    command('ask', (order, { terms: { cap, cooldownMs }, inVain }) => {
      const { now, refills, lastEndedAt, window, delivered, missing, isClosed } = order;
      if (isClosed) return;
      const isBraked =
        inVain.filter((at) => at > now - LIMITS.vainRefillsMinutes * 60_000).length >= LIMITS.vainRefills;
      const may =
        !isBraked &&
        now < START + 30 * DAY &&
        window.current === null &&
        refills.length < cap &&
        delivered > 0 &&
        (lastEndedAt === null || now >= lastEndedAt + cooldownMs);
      expect(order.ask().ok).toBe(may && missing !== 0);
      if (may && missing === 0) inVain.push(now);
    }),
  ),
  fc.constantFrom(null, 0, 40, 1000).map((missing) =>
    command(`missing(${missing})`, (order) => {
      order.missing = missing;
    }),
  ),
  asked.map((said) => command(`asked(${JSON.stringify(said)})`, (order) => void order.asked.push(said))),
  fc
    .constantFrom(...Object.keys(sends))
    .map((name) => command(`send(${name})`, (order) => void order.sends.push(sends[name] ?? refused))),
  fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.nat(1))
    .map(([number, rejected]) => command(`ends(${number}, ${rejected})`, (order) => order.ends(number, rejected))),
  fc
    .tuple(
      fc.integer({ min: 2, max: 5 }),
      fc.constantFrom('In progress', 'Completed', 'Partial', 'Canceled' as const),
      fc.option(fc.constantFrom(0, 10, 40)),
    )
    .map(([batch, status, remains]) =>
      command(`says(${batch}, ${status}, ${remains})`, (order) => order.says(batch, status, remains)),
    ),
  fc.tuple(actions, fc.constantFrom(0, 400, 999, 1000)).map(([action, delivered]) =>
    command(`resolve(${action}, ${delivered})`, (order) => {
      const { attention, window } = order;
      const answer = order.resolve(action, { delivered, hours: 3, providerOrder: '77' });
      if (attention === 'none' || window.current === null) expect(answer.ok).toBe(attention !== 'none');
    }),
  ),
  fc.constantFrom(HOUR, DAY, 8 * DAY).map((ms) => command(`pass(${ms / HOUR} h)`, (order) => order.pass(ms))),
  fc.constant(0).map(() =>
    command('taken up', (order, { inVain }) => {
      const seen = () => {
        const { current } = order.window;
        const batch = current?.batch;
        const where = batch && { number: batch.number, state: batch.state, quantity: batch.quantity };
        return [current?.number, current?.stage, current?.missing, current?.before, current?.reviewAt, where];
      };
      const before = seen();
      // A waiting batch is sent again at once when another workflow takes over.
      const waits = order.window.current?.batch?.state === 'sending';
      if (order.isClosed) return;
      order.takeUp();
      // The next run counts anew.
      inVain.length = 0;
      if (!waits) expect(seen()).toEqual(before);
    }),
  ),
];

/** From here on nothing goes wrong, until the window closes. */
function behave(order: HandDrivenRefills): void {
  order.sends.length = 0;
  order.asked.length = 0;
  for (let rounds = 0; !order.isClosed; rounds += 1) {
    if (rounds > 60) throw new Error('this window never closes');
    if (order.attention === 'uncertain') order.resolve('notPlaced');
    if (order.attention === 'review') order.resolve('complete');
    order.ends(order.refills.length);
    for (const [batch, { state }] of order.again) if (state === 'running') order.says(batch, 'Completed', 0);
    order.pass(DAY);
  }
}

const terms = fc.record({
  cap: fc.integer({ min: 1, max: 3 }),
  cooldownMs: fc.constantFrom(0, DAY),
  fallback: fc.constantFrom<RefillTerms['fallback']>('review', 'resend', 'resend', 'reject'),
});

describe('whatever happens to the refills of an order, in whatever order', () => {
  it('there is never more than one, nothing is delivered twice, and the window closes', () => {
    const seen = new Map<string, number>();
    const saw = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
    fc.assert(
      fc.property(terms, fc.commands(commands, { maxCommands: 40, size: 'max' }), (how, steps) => {
        const order = new HandDrivenRefills(how);
        fc.modelRun(() => ({ model: {}, real: { order, terms: how, inVain: [] } }), steps);
        saw(order.attention);
        for (const { stage, outcome } of order.refills) saw(outcome ?? stage);
        for (const { state } of order.again.values()) saw(`again ${state}`);
        behave(order);
        holds(order, how);
      }),
      { numRuns: scaled({ gate: 1_000, release: 20_000 }) },
    );
    const kinds = ['none', 'review', 'uncertain', 'tracked', 'resending', 'Completed', 'Rejected', 'again running'];
    for (const kind of kinds) expect([kind, seen.get(kind) ?? 0]).not.toEqual([kind, 0]);
  });
});
