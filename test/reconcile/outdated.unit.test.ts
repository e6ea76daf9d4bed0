import type { Client } from '@temporalio/client';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { createMoveOutdated } from '../../activities/reconcile/outdated.ts';

const MINUTE = 60_000;

/** A worker's housekeeping beside orders that stay on another build. Returns how often each was asked in a run. */
function housekeeping(orders: readonly string[]) {
  const signals: string[] = [];
  const workflow = {
    async *list() {
      yield* orders.map((workflowId) => ({ workflowId }));
    },
    getHandle: (id: string) => ({ signal: async () => void signals.push(id) }),
  };
  const temporal = { workflow } as unknown as Client;
  const moveOutdated = createMoveOutdated({ temporal, build: 'next', log: pino({ level: 'silent' }) });
  return async (minute: number) => {
    signals.length = 0;
    await moveOutdated({ isOver: false, startedAt: new Date(minute * MINUTE) });
    return signals.length;
  };
}

it('an order that cannot move is asked for five minutes, and then once an hour', async () => {
  const run = housekeeping(['order-1']);
  let asked = 0;
  for (let minute = 0; minute < 24 * 60; minute += 1) asked += await run(minute);
  expect(asked).toBe(5 + 23);
});

it('a thousand orders that cannot move keep no others from being asked', async () => {
  const run = housekeeping(Array.from({ length: 1_500 }, (_, order) => `order-${order}`));
  const asked = [];
  for (let minute = 0; minute < 10; minute += 1) asked.push(await run(minute));
  expect(asked).toEqual([1_000, 1_000, 1_000, 1_000, 1_000, 500, 500, 500, 500, 500]);
});
