import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { parking } from '../../activities/order/parking.ts';
import type { Deps } from '../../activities/runtime/deps.ts';
import { PARKED } from '../../workflows/contract.ts';

const MINUTE = 60_000;

/** A stub database that records alerts. */
function staff() {
  const told: unknown[] = [];
  const sql = (_: unknown, ...values: unknown[]) => {
    told.push(values);
    return Promise.resolve([{ raised: true }]);
  };
  return { told, deps: { sql: sql as unknown as Deps['sql'], log: pino({ level: 'silent' }) } };
}

const failing = (code: string, message = 'private words') => ({
  settle: (_: { readonly orderId: number }): Promise<void> =>
    Promise.reject(Object.assign(new Error(message), { name: 'PostgresError', code })),
});
const run = (code: string, info: { isLocal?: boolean; attempt?: number; scheduledTimestampMs?: number } = {}) => {
  const { told, deps } = staff();
  const ended = new MockActivityEnvironment(info).run(parking(deps, failing(code)).settle, { orderId: 42 });
  return { told, ended };
};

it('a step that can never be done fails for good, with an alert, and without the words of the database', async () => {
  const { told, ended } = run('23514');
  await expect(ended).rejects.toMatchObject({ type: PARKED, nonRetryable: true, message: 'settle: 23514' });
  expect(told).toEqual([['order_parked', 'order:42', expect.stringContaining('23514')]]);
});

it('a step that the database cannot take at the moment is tried again, and nobody is told', async () => {
  const { told, ended } = run('53100', { isLocal: true, scheduledTimestampMs: Date.now() });
  await expect(ended).rejects.toMatchObject({ code: '53100' });
  expect(told).toEqual([]);
});

it('a step whose slow tries have held a workflow task for seconds waits as a timer, longer each time', async () => {
  const info = { isLocal: true, scheduledTimestampMs: Date.now() - MINUTE };
  const waits = [1, 5, 6, 8, 20].map(async (attempt) => {
    const failure = await run('55P03', { ...info, attempt }).ended.catch((error: unknown) => error);
    return (failure as { nextRetryDelay: number }).nextRetryDelay;
  });
  expect(await Promise.all(waits)).toEqual([4_000, 4_000, 6_400, 25_600, MINUTE]);
});

it('an activity that holds no workflow task is tried again as its options say', async () => {
  const { ended } = run('55P03', { isLocal: false, scheduledTimestampMs: Date.now() - MINUTE });
  await expect(ended).rejects.toMatchObject({ code: '55P03' });
});
