import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Admission } from '../../api/limits/admission.ts';
import type { Refusal } from '../../domain/errors.ts';
import { DEADLINES, LIMITS } from '../../domain/limits.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Engines that place one order every `shareMs`, in the order in which they came, on the test's clock. */
class Engines {
  readonly admission = new Admission(() => Date.now());
  /** Milliseconds from asking to the decision. */
  readonly waits: number[] = [];
  /** The accounts whose orders were decided, in that order. */
  readonly decided: number[] = [];
  /** Orders that waited for a slot for too long. */
  late = 0;
  readonly #line: (() => void)[] = [];
  readonly #shareMs: number;
  #isStopped = false;
  #works: NodeJS.Timeout | undefined;

  constructor(shareMs: number) {
    this.#shareMs = shareMs;
  }

  /** Asks to place an order. Returns the refusal; undefined when the order waits now. */
  ask(account = 1): Refusal | undefined {
    try {
      this.admission.require(account);
    } catch (error) {
      return error as Refusal;
    }
    this.wait(account);
    return undefined;
  }

  /** Puts an order into the line without asking. */
  wait(account = 1): void {
    const began = Date.now();
    const place = () => new Promise<void>((end) => this.#take(end));
    void this.admission
      .inTurn({ account, key: null }, LIMITS.placingTurnMs, place, () => true)
      .then((placed) => {
        if (placed === undefined) {
          this.late += 1;
          return;
        }
        this.waits.push(Date.now() - began);
        this.decided.push(account);
      });
  }

  stop(): void {
    this.#isStopped = true;
  }

  go(): void {
    this.#isStopped = false;
  }

  /** Engines at rest begin with the first order. */
  #take(end: () => void): void {
    if (this.#line.push(end) > 1) return;
    clearInterval(this.#works);
    this.#works = setInterval(() => {
      if (!this.#isStopped) this.#line.shift()?.();
    }, this.#shareMs);
  }
}

const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test.each([20, 60, 150, 250])(
  'engines that take %d ms an order: no order that is let in waits too long',
  async (share) => {
    const engines = new Engines(share);
    const refused: Refusal[] = [];
    for (let asked = 0; asked < 1_000; asked += 1) {
      const refusal = engines.ask();
      if (refusal !== undefined) refused.push(refusal);
      await after(25);
    }
    await after(60_000);
    expect(engines.late).toBe(0);
    expect(engines.waits.length + refused.length).toBe(1_000);
    expect(Math.max(...engines.waits)).toBeLessThan(DEADLINES.place);
    expect(refused.every(({ code }) => code === 'overloaded')).toBe(true);
    // Fast engines refuse none, and slow ones are kept busy to the end.
    if (share <= 25) expect(refused).toEqual([]);
    else expect(engines.waits.length).toBeGreaterThan(25_000 / share);
  },
);

test('a burst that meets slower engines than usual: no order that is let in is refused late', async () => {
  const engines = new Engines(105);
  let letIn = 0;
  for (let asked = 0; asked < 150; asked += 1) if (engines.ask() === undefined) letIn += 1;
  expect(letIn).toBeLessThan(100);
  await after(20_000);
  expect([engines.late, engines.waits.length]).toEqual([0, letIn]);
  expect(Math.max(...engines.waits)).toBeLessThan(8_000);
});

test('a few orders are let in however slow the engines are', async () => {
  const engines = new Engines(2_000);
  for (let asked = 0; asked < LIMITS.placingAlways; asked += 1) engines.wait();
  await after(20_000);
  let letIn = 0;
  while (engines.ask() === undefined) letIn += 1;
  // Those that have waited for longer than any may do not count: they may wait for something of their own.
  expect(letIn).toBe(LIMITS.placingAlways);
  expect(engines.ask()).toMatchObject({ code: 'overloaded', retryAfter: 10 });
});

test('engines that have stopped refuse what comes, and take it again once they go on', async () => {
  const engines = new Engines(10);
  await after(1_000);
  for (let asked = 0; asked < 30; asked += 1) engines.ask();
  engines.stop();
  await after(2_500);
  // One finds out whether they still stand.
  expect(engines.ask()).toBeUndefined();
  expect(engines.ask()).toMatchObject({ code: 'overloaded' });
  engines.go();
  await after(300);
  expect(engines.ask()).toBeUndefined();
});

test('an order that gets no slot in time is not handed to the engines', async () => {
  const engines = new Engines(10);
  for (let asked = 0; asked < LIMITS.placingAtOnce; asked += 1) engines.wait();
  engines.stop();
  const work = vi.fn();
  const placed = engines.admission.inTurn({ account: 1, key: null }, LIMITS.placingSlotMs / 2, work, () => true);
  await after(LIMITS.placingSlotMs / 2);
  expect(await placed).toBeUndefined();
  await after(LIMITS.placingSlotMs);
  expect(work).not.toHaveBeenCalled();
});

test('orders that hang for a reason of their own keep no other out', async () => {
  const engines = new Engines(20);
  const hanging = Array.from({ length: 20 }, () =>
    engines.admission.inTurn(
      { account: 7, key: null },
      LIMITS.placingSlotMs,
      () => new Promise<void>(() => {}),
      () => true,
    ),
  );
  expect(hanging).toHaveLength(20);
  engines.wait(2);
  await after(LIMITS.placingSlotMs - 50);
  expect(engines.decided).toEqual([]);
  await after(100);
  expect(engines.decided).toEqual([2]);
  await after(LIMITS.placingWaitFewMs + 1);
  expect(engines.ask()).toBeUndefined();
});

test('an account that fills the line keeps out its own orders, and waits behind the first of others', async () => {
  const engines = new Engines(100);
  while (engines.ask(1) === undefined);
  for (let asked = 0; asked < LIMITS.placingFew; asked += 1) expect(engines.ask(2)).toBeUndefined();
  await after(100 * (LIMITS.placingAtOnce + 2 * LIMITS.placingFew));
  expect(engines.decided.filter((account) => account === 2)).toHaveLength(LIMITS.placingFew);
});
