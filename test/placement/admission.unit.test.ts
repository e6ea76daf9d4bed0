import { expect, test } from 'vitest';
import { Admission } from '../../api/limits/admission.ts';
import type { Refusal } from '../../domain/errors.ts';
import { DEADLINES, LIMITS } from '../../domain/limits.ts';

/** Engines that place one order every `shareMs`, in the order in which they came, on a clock that the test moves. */
class Engines {
  now = 0;
  readonly admission = new Admission(() => this.now);
  readonly waits: number[] = [];
  readonly #line: { began: number; end: () => void }[] = [];
  #shareMs: number;
  #nextAt = 0;

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
    if (this.#line.length === 0) this.#nextAt = this.now + this.#shareMs;
    const placed = new Promise<void>((end) => this.#line.push({ began: this.now, end }));
    void this.admission.measure(
      { account, key: null },
      () => placed,
      () => true,
    );
  }

  /** Places what the engines place until then. */
  async until(at: number): Promise<void> {
    for (; this.#line.length > 0 && this.#nextAt <= at; this.#nextAt += this.#shareMs) {
      this.now = this.#nextAt;
      const { began, end } = this.#line.shift() ?? { began: 0, end: () => {} };
      this.waits.push(this.now - began);
      end();
      // The admission hears of it before the next order is placed.
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    }
    this.now = at;
  }
}

test.each([20, 60, 150, 250])(
  'engines that take %d ms an order: no order that is let in waits too long',
  async (share) => {
    const engines = new Engines(share);
    const refused: Refusal[] = [];
    for (let asked = 0; asked < 1_000; asked += 1) {
      const refusal = engines.ask();
      if (refusal !== undefined) refused.push(refusal);
      await engines.until(engines.now + 25);
    }
    await engines.until(engines.now + 60_000);
    expect(engines.waits.length + refused.length).toBe(1_000);
    expect(Math.max(...engines.waits)).toBeLessThan(DEADLINES.place);
    expect(refused.every(({ code }) => code === 'overloaded')).toBe(true);
    // Fast engines refuse none, and slow ones are kept busy to the end.
    if (share <= 25) expect(refused).toEqual([]);
    else expect(engines.waits.length).toBeGreaterThan(25_000 / share);
  },
);

test('a few orders are let in however slow the engines are', async () => {
  const engines = new Engines(2_000);
  for (let asked = 0; asked < LIMITS.placingAlways; asked += 1) engines.wait();
  await engines.until(20_000);
  let letIn = 0;
  while (engines.ask() === undefined) letIn += 1;
  // Those that have waited for longer than any may do not count: they may wait for something of their own.
  expect(letIn).toBe(LIMITS.placingAlways);
  expect(engines.ask()).toMatchObject({ code: 'overloaded', retryAfter: 10 });
});

test('engines that have stopped refuse what comes, and take it again once they go on', async () => {
  const engines = new Engines(10);
  await engines.until(1_000);
  for (let asked = 0; asked < 30; asked += 1) engines.ask();
  engines.now += 2_500;
  // One finds out whether they still stand.
  expect(engines.ask()).toBeUndefined();
  expect(engines.ask()).toMatchObject({ code: 'overloaded' });
  await engines.until(engines.now);
  expect(engines.ask()).toBeUndefined();
});

test('orders that hang for a reason of their own keep no other out', async () => {
  const engines = new Engines(20);
  const hanging = Array.from({ length: 200 }, () =>
    engines.admission.measure(
      { account: 7, key: null },
      () => new Promise<void>(() => {}),
      () => true,
    ),
  );
  expect(hanging).toHaveLength(200);
  await engines.until(LIMITS.placingWaitFewMs + 1);
  expect(engines.ask()).toBeUndefined();
});

test('an account that fills the line keeps out its own orders, not the first of another', async () => {
  const engines = new Engines(100);
  while (engines.ask(1) === undefined);
  for (let asked = 0; asked < LIMITS.placingFew; asked += 1) expect(engines.ask(2)).toBeUndefined();
  expect(engines.ask(2)).toMatchObject({ code: 'overloaded' });
});
