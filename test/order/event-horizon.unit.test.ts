import { expect, it } from 'vitest';
import { createEventHorizon } from '../../domain/order/event-horizon.ts';

it('events are whole at once when no transaction is under way', () => {
  const { take } = createEventHorizon();
  expect(take({ newest: 7, oldest: 100n, next: 100n })).toBe(7);
  expect(take({ newest: 9, oldest: 103n, next: 103n })).toBe(9);
});

it('an event that is seen early is not passed on before those that may still come below it', () => {
  const { take } = createEventHorizon();
  take({ newest: 5, oldest: 100n, next: 100n });
  // Event 7 is there; event 6 is in transaction 100, which has not committed.
  expect(take({ newest: 7, oldest: 100n, next: 102n })).toBe(5);
  // Others begin and end meanwhile.
  expect(take({ newest: 8, oldest: 100n, next: 104n })).toBe(5);
  // Transaction 100 has ended; 103 began after the first mark.
  expect(take({ newest: 8, oldest: 103n, next: 105n })).toBe(7);
  expect(take({ newest: 8, oldest: 105n, next: 106n })).toBe(8);
});

it('what is whole never falls, also when a copy of the database says less', () => {
  const { take } = createEventHorizon();
  take({ newest: 9, oldest: 100n, next: 100n });
  expect(take({ newest: 3, oldest: 100n, next: 100n })).toBe(9);
});
