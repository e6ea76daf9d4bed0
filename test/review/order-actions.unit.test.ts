import { expect, test } from 'vitest';
import { actionOf, decisionOf, isAsk, ORDER_ACTIONS } from '../../domain/review/order-actions.ts';

test('every action is stored under its name, and only redispatch as the resolution of a waiting order', () => {
  expect(ORDER_ACTIONS.map((action) => actionOf(decisionOf(action)))).toEqual([...ORDER_ACTIONS]);
  expect(ORDER_ACTIONS.filter((action) => !isAsk(decisionOf(action)))).toEqual(['redispatch']);
});

test('to cancel an order and to resolve one by canceling are told apart', () => {
  expect([isAsk({ ask: 'cancel' }), isAsk({ action: 'cancel' })]).toEqual([true, false]);
});
