import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actorOfUi, isActorOfUi, isReservedName } from '../../domain/order/actors.ts';
import { applyAsk, readRequest } from '../../domain/order/asks.ts';
import { pauseOrder } from '../../domain/order/pause.ts';
import { applyProofs, changeToWrite } from '../../domain/order/snapshot.ts';
import { HandDrivenOrder } from '../support/model/hand-driven-order.ts';
import { runs } from '../support/run/scale.ts';

describe('a name that is typed into the Temporal UI', () => {
  it.each([
    'account 1003',
    'Account 1003',
    '  ACCOUNT\t1003 ',
    'account1003',
    'account-1003',
    'account: 1003',
    'a c c o u n t 7',
    'acc ount 7',
    'ac\u200bcount 7',
    'ａｃｃｏｕｎｔ　１００３',
    'аccount 1003',
    'αccount 1003',
    'áccount 1003',
    'acc0unt 1003',
    'system',
    'SYSTEM',
    'ѕystem',
    'sуstem',
    'provider',
    'Provider 3',
    'pr0v1der',
    'staff',
    'staff: night shift',
    'staff (Temporal UI): bob',
    'STAFF：bob',
    'api',
    'API 7',
    'Holdfast',
    'temporal-ui',
    'customer 5',
    'proof:0000000000000.x.y',
  ])('%j is that of something else, and is refused', (by) => {
    expect(isReservedName(by)).toBe(true);
    const { state } = new HandDrivenOrder();
    expect(readRequest(state, { by })).toBe('by is a reserved name: say your own name');
  });

  it.each(['ann', 'Ann Accountant', 'Апполон', 'Stafford', 'Apia', 'Syst', '李雷', 'bob (night shift)', 'Provencher'])(
    '%j is a person’s, and is shown as typed there',
    (by) => {
      const { state } = new HandDrivenOrder();
      expect(readRequest(state, { by, reason: 'x' })).toEqual({ by: `staff (Temporal UI): ${by}`, reason: 'x' });
    },
  );

  it('is never taken for another actor, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (by) => {
        const request = readRequest(new HandDrivenOrder().state, { by });
        if (typeof request !== 'string') {
          expect(isActorOfUi(request.by)).toBe(true);
          expect([...request.by].length).toBeLessThan(200);
        }
      }),
      { numRuns: runs(2_000) },
    );
  });

  it('with a proof counts as the API’s only once that was checked, and each proof counts once', () => {
    const proof = `1795262400000.${'n'.repeat(16)}.${'m'.repeat(43)}`;
    const order = new HandDrivenOrder();
    const message = { by: 'account 7', reason: '', proof };
    const request = readRequest(order.state, message);
    if (typeof request === 'string') throw new Error(request);
    expect(request.by).not.toContain('account 7');
    pauseOrder(order.state, order.now, request.by, 'requested', '');
    applyAsk(order.state, request, 'pause', message);
    expect(changeToWrite(order.state).asks).toEqual([{ actor: request.by, by: 'account 7', update: 'pause', message }]);
    applyProofs(order.state, { [request.by]: 'account 7' });
    expect([order.state.pausedBy, order.state.recent.at(-1)?.actor, changeToWrite(order.state).asks]).toEqual([
      'account 7',
      'account 7',
      undefined,
    ]);
    expect(readRequest(order.state, message)).toContain('say your own name');
  });
});

it('who typed a name is told apart from who has it', () => {
  expect(isActorOfUi(actorOfUi('ann'))).toBe(true);
  for (const actor of ['staff: ann', 'account 7', 'provider', 'staff (Temporal UI)x'])
    expect(isActorOfUi(actor)).toBe(false);
});
