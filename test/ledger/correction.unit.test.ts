import { describe, expect, test } from 'vitest';
import type { ProviderReport } from '../../domain/delivery/verdict.ts';
import type { ProviderStatus } from '../../domain/delivery/words.ts';
import { newsOf, type SettledBatch } from '../../domain/ledger/correction.ts';
import { applyCorrected } from '../../domain/order/apply-report.ts';
import { isUnwritten } from '../../domain/order/snapshot.ts';
import { reasonOf } from '../../domain/order/state.ts';
import { HandDrivenOrder } from '../support/model/hand-driven-order.ts';

const said = (status: ProviderStatus, remains: number | null, charge: string | null = null): ProviderReport => ({
  status,
  remains,
  charge,
  startCount: null,
});
const settled = (status: string | null, remains: number | null, supported: number | null): SettledBatch => ({
  quantity: 1000,
  supported,
  lastWord: { status, remains, charge: null },
});

describe('what is said of a settled batch', () => {
  test.each(['Pending', 'Processing', 'In progress', 'Paused', 'Unknown'] as const)('as %s is no news', (status) => {
    expect(newsOf(settled('Completed', 0, 1000), said(status, 500))).toBeUndefined();
  });

  test('is news when it is another last word, and no more when it is the same', () => {
    expect(newsOf(settled('Completed', 0, 1000), said('Partial', 400))).toEqual({ kind: 'ended', delivered: 600 });
    expect(newsOf(settled('Partial', 400, 600), said('Partial', 400))).toBeUndefined();
    expect(newsOf(settled('Completed', 0, 1000), said('Completed', 0, '0.1'))).toEqual({
      kind: 'ended',
      delivered: 1000,
    });
  });

  test('in contradiction is news once', () => {
    expect(newsOf(settled('Completed', 0, 1000), said('Completed', 5))).toMatchObject({ kind: 'conflict' });
    expect(newsOf(settled('Completed', 5, 1000), said('Completed', 5))).toBeUndefined();
    expect(newsOf(settled('Completed', 5, null), said('Completed', 5))).toBeUndefined();
  });

  test('is heard when a person settled the order just as it came', () => {
    expect(newsOf(settled('Partial', 400, null), said('Partial', 400))).toEqual({ kind: 'ended', delivered: 600 });
    expect(newsOf(settled(null, null, null), said('Completed', null))).toEqual({ kind: 'ended', delivered: 1000 });
  });
});

describe('a correction that an open workflow hears of', () => {
  const ended = (delivered: number) => {
    const order = new HandDrivenOrder();
    order.says(1, { status: 'Partial', remains: 1000 - delivered });
    return order.state;
  };

  test('changes what it shows, and nothing is to be written', () => {
    const state = ended(1000);
    applyCorrected(state, { status: 'Partial', delivered: 600 }, 1);
    expect(state.settled).toMatchObject({ status: 'Partial', delivered: 600 });
    expect([state.status, reasonOf(state), isUnwritten(state)]).toEqual(['Partial', 'unknown', false]);
    expect(state.recent).toMatchObject([
      { type: 'order.corrected', actor: 'provider', data: { from: 'Completed', to: 'Partial', delivered: 600 } },
    ]);
    applyCorrected(state, { status: 'Partial', delivered: 0 }, 2);
    expect(state.settled).toMatchObject({ status: 'Canceled', delivered: 0 });
  });

  test.each([
    [{ delivered: 600 }],
    [{ delivered: 601 }],
    [{ delivered: -1 }],
    [{ delivered: 1.5 }],
    [{ delivered: '5' }],
    [{}],
    [null],
    ['x'],
  ])('that is none is ignored: %j', (message) => {
    const state = ended(600);
    applyCorrected(state, message, 1);
    expect(state.settled).toMatchObject({ status: 'Partial', delivered: 600 });
    expect(state.recent).toEqual([]);
  });

  test('before the end is ignored', () => {
    const { state } = new HandDrivenOrder();
    applyCorrected(state, { status: 'Canceled', delivered: 0 }, 1);
    expect([state.settled, state.recent]).toEqual([null, []]);
  });
});
