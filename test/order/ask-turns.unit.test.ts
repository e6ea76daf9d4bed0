import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Deps } from '../../api/deps.ts';
import { askOrder } from '../../api/order/ask-order.ts';
import { LIMITS } from '../../domain/limits.ts';
import { cancelUpdate } from '../../workflows/contract.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Workflows that answer when the test says so. `begun`: the orders that were asked, in that order. */
function workflows() {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const executeUpdate = (id: string) =>
    new Promise((resolve) => {
      begun.push(id);
      ends.push(() => resolve({ ok: true, message: 'it is canceled' }));
    });
  const temporal = {
    withDeadline: (_: number, calls: () => Promise<unknown>) => calls(),
    workflow: { getHandle: (id: string) => ({ executeUpdate: () => executeUpdate(id) }) },
  };
  const config = { HOLDFAST_MASTER_KEY: Buffer.alloc(32) };
  // Asking an open order needs no more of what the API works with.
  const deps = { temporal, config, log: pino({ level: 'silent' }) } as unknown as Deps;
  const ask = (asker: number, id: number) =>
    askOrder(deps, {
      asker,
      order: { id, status: 'Pending', attention: 'none' },
      update: cancelUpdate,
      message: { by: 'test' },
    }).catch(({ code }) => code);
  return { begun, end: () => ends.shift()?.(), ask };
}

const many = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test('one account has a few requests to orders under way, while another has its turn at once', async () => {
  const { begun, ask, end } = workflows();
  const asked = many(LIMITS.idsPerRequest).map((id) => ask(1, id));
  const other = ask(2, 1_000);
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toHaveLength(LIMITS.asksOfAccount + 1);
  expect(begun.at(-1)).toBe('order-1000');
  for (let one = 0; one <= LIMITS.idsPerRequest; one += 1) {
    end();
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(new Set([...(await Promise.all(asked)), await other])).toEqual(new Set(['it is canceled']));
});

test('an order whose turn does not come, or behind too many, is not asked, and its caller is told so', async () => {
  const { begun, ask } = workflows();
  const asked = many(LIMITS.asksOfAccount + LIMITS.asksWaiting).map((id) => ask(1, id));
  expect(await ask(1, 9_999)).toBe('overloaded');
  await vi.advanceTimersByTimeAsync(LIMITS.askWaitMs);
  expect(await asked.at(-1)).toBe('overloaded');
  expect(begun).not.toContain(`order-${LIMITS.asksOfAccount + LIMITS.asksWaiting}`);
  expect(begun).not.toContain('order-9999');
});
