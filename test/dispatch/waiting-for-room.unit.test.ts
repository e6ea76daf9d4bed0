import { expect, it } from 'vitest';
import { WaitingForRoom } from '../../activities/dispatch/waiting-for-room.ts';

it('orders that wait for room are counted for each provider, once, until they wait no longer', () => {
  const waiting = new WaitingForRoom();
  expect([waiting.add(1, 10, 0), waiting.add(1, 11, 0), waiting.add(1, 10, 1), waiting.add(2, 12, 1)]).toEqual([
    1, 2, 2, 1,
  ]);
  waiting.delete(10);
  expect(waiting.add(1, 13, 2)).toBe(2);
});

it('an order that has not asked for three minutes is not counted any more', () => {
  const waiting = new WaitingForRoom();
  waiting.add(1, 10, 0);
  waiting.add(1, 11, 0);
  waiting.add(1, 10, 60_000);
  expect(waiting.add(1, 12, 180_000)).toBe(2);
  expect(waiting.add(1, 12, 240_000)).toBe(1);
});

it('what waits is forgotten after the time that is said, also at peers that are asked no more', () => {
  const waiting = new WaitingForRoom(1_000);
  for (const asker of ['one', 'two']) waiting.add('left', asker, 0);
  expect([waiting.add('asked', 'three', 999), waiting.add('left', 'one', 999)]).toEqual([1, 2]);
  expect(waiting.add('asked', 'three', 1_500)).toBe(1);
  expect(waiting.add('left', 'four', 1_500)).toBe(2);
  waiting.delete('four');
  expect(waiting.add('left', 'four', 1_999)).toBe(1);
});
