import { describe, expect, it } from 'vitest';
import { HandDrivenOrder } from '../support/model/hand-driven-order.ts';
import { busy, DAY, exhausted, HOUR, MINUTE, refused, START, termsOf, unknown } from '../support/model/order-terms.ts';

const COMPLETED = { status: 'Completed', remains: 0 } as const;
const CANCELED = { status: 'Canceled', remains: 1000 } as const;

describe('a plain order', () => {
  it('is sent at once, In progress when it is accepted, and settled as its provider says', () => {
    const order = new HandDrivenOrder();
    expect(order.sent).toEqual([{ batch: 1, attempt: 1, quantity: 1000, at: START, resends: null }]);
    expect(order.status).toBe('In progress');
    order.says(1, COMPLETED);
    expect(order.settled).toEqual({ status: 'Completed', delivered: 1000, reason: null, actor: 'provider' });
    expect([order.status, order.attention, order.types]).toEqual(['Completed', 'none', []]);
  });

  it.each([
    ['Partial', { status: 'Partial', remains: 400 }, 600],
    ['Canceled', CANCELED, 0],
    ['Partial', { status: 'Canceled', remains: 999, charge: '0.1' }, 1],
    ['Completed', { status: 'Partial', remains: 0 }, 1000],
  ] as const)('ends %s after %o', (status, said, delivered) => {
    const order = new HandDrivenOrder();
    order.says(1, said);
    expect(order.settled).toMatchObject({ status, delivered, reason: status === 'Completed' ? null : 'unknown' });
  });

  it('is Processing until somebody accepts it, and goes to the next route when it is refused', () => {
    const order = new HandDrivenOrder(termsOf({ startAt: START + HOUR }));
    expect([order.status, order.sent]).toEqual(['Pending', []]);
    order.answers.push(refused, busy(60));
    order.pass(HOUR);
    expect([order.status, order.sent.length]).toEqual(['Processing', 2]);
    order.pass(59_000);
    expect(order.sent.length).toBe(2);
    order.pass(1_000);
    expect([order.status, order.sent.map(({ attempt }) => attempt)]).toEqual(['In progress', [1, 2, 3]]);
  });

  it('that nobody takes is given back', () => {
    const order = new HandDrivenOrder(termsOf({ startAt: START + 1 }));
    order.answers.push(refused, exhausted);
    order.pass(1);
    expect(order.settled).toMatchObject({ status: 'Canceled', delivered: 0, reason: 'refused' });
    expect(order.types).toEqual(['batch.refused']);
  });
});

describe('a scheduled order', () => {
  it('waits until its time, and not longer', () => {
    const order = new HandDrivenOrder(termsOf({ startAt: START + DAY }));
    order.pass(DAY - 1);
    expect([order.status, order.sent.length]).toEqual(['Pending', 0]);
    order.pass(1);
    expect(order.sent.map(({ at }) => at)).toEqual([START + DAY]);
  });

  it('can be canceled until then, of any service, and is given back in full', () => {
    const order = new HandDrivenOrder(termsOf({ startAt: START + DAY, cancelable: false }));
    expect(order.cancel('ann', 'changed my mind').ok).toBe(true);
    expect(order.settled).toEqual({ status: 'Canceled', delivered: 0, reason: 'requested', actor: 'ann' });
    expect(order.sent).toEqual([]);
  });

  it.each([
    ['before its time keeps its time', DAY - HOUR, DAY],
    ['after its time is sent then', DAY + HOUR, DAY + HOUR],
  ])('paused and resumed %s', (_, resumed, sentAt) => {
    const order = new HandDrivenOrder(termsOf({ startAt: START + DAY }));
    order.pass(HOUR);
    order.pause();
    order.pass(resumed - HOUR);
    expect(order.sent).toEqual([]);
    order.resume();
    order.pass(DAY);
    expect(order.sent.map(({ at }) => at)).toEqual([START + sentAt]);
  });
});

describe('a cancel', () => {
  it('while it is being sent asks the provider to stop, once it has it', () => {
    const order = new HandDrivenOrder(termsOf({ startAt: START + 1 }));
    order.duringSend = () => expect(order.cancel().message).toContain('the provider is asked');
    order.pass(1);
    expect([order.stops, order.settled]).toEqual([[1], undefined]);
    order.says(1, { status: 'Canceled', remains: 900, charge: '0.1' });
    expect(order.settled).toMatchObject({ status: 'Partial', delivered: 100, reason: 'requested', actor: 'ann' });
  });

  it.each([
    ['refused', refused],
    ['told to wait', busy()],
  ] as const)('while it is being %s means that it is not sent again', (_, answer) => {
    const order = new HandDrivenOrder(termsOf({ startAt: START + 1 }));
    order.answers.push(answer);
    order.duringSend = () => expect(order.cancel().ok).toBe(true);
    order.pass(1);
    expect(order.sent.length).toBe(1);
    expect(order.settled).toMatchObject({ status: 'Canceled', delivered: 0 });
  });

  it('while nobody knows whether it was placed waits for a person, and gives nothing back by itself', () => {
    const order = new HandDrivenOrder(termsOf({ startAt: START + 1 }));
    order.answers.push(unknown);
    order.pass(1);
    expect(order.cancel().ok).toBe(true);
    order.pass(30 * DAY);
    expect([order.settled, order.attention]).toEqual([undefined, 'uncertain']);
    order.resolve('notPlaced');
    expect(order.settled).toMatchObject({ status: 'Canceled', delivered: 0 });
    expect(order.sent.length).toBe(1);
  });

  it('while it is delivered asks once; the provider may still complete it', () => {
    const order = new HandDrivenOrder();
    for (let call = 0; call < 3; call += 1) expect(order.cancel().ok).toBe(true);
    order.pass(HOUR);
    expect([order.stops, order.types.filter((type) => type === 'cancel.requested').length]).toEqual([[1], 1]);
    order.says(1, COMPLETED);
    expect(order.settled).toMatchObject({ status: 'Completed', delivered: 1000, reason: null });
  });

  it('of a service that cannot be canceled is refused once a provider may have it', () => {
    const order = new HandDrivenOrder(termsOf({ cancelable: false }));
    expect(order.cancel()).toMatchObject({ ok: false, message: expect.stringContaining('cannot be canceled') });
    const sending = new HandDrivenOrder(termsOf({ cancelable: false, startAt: START + 1 }));
    sending.duringSend = () => expect(sending.cancel().ok).toBe(false);
    sending.pass(1);
    expect([order.stops, sending.stops, sending.state.canceledBy]).toEqual([[], [], null]);
  });

  it('after the end is refused with the status', () => {
    const order = new HandDrivenOrder();
    order.says(1, COMPLETED);
    expect(order.cancel()).toEqual({ ok: false, message: 'the order has ended: Completed' });
    for (const answer of [order.pause(), order.resume(), order.resolve('complete')]) expect(answer.ok).toBe(false);
    expect(order.status).toBe('Completed');
  });
});

describe('a pause', () => {
  it('by the provider’s word ends with its word', () => {
    const order = new HandDrivenOrder();
    order.says(1, { status: 'Paused' });
    expect([order.attention, order.reason, order.status]).toEqual(['paused', 'unknown', 'In progress']);
    order.says(1, { status: 'In progress' });
    expect([order.attention, order.reason]).toEqual(['none', null]);
    expect(order.types).toEqual(['order.paused', 'order.resumed']);
  });

  it('by a person is not ended by the provider’s word', () => {
    const order = new HandDrivenOrder();
    expect(order.pause('ann', 'Private').ok).toBe(true);
    expect(order.reason).toBe('private');
    order.says(1, { status: 'Paused' });
    order.says(1, { status: 'In progress' });
    expect(order.attention).toBe('paused');
    order.resume();
    expect(order.attention).toBe('none');
  });

  it('by a person in the midst of one of the provider’s lasts until a person ends it', () => {
    const order = new HandDrivenOrder();
    order.says(1, { status: 'Paused' });
    expect(order.pause('ann', 'private').message).toContain('the order is paused:');
    order.says(1, { status: 'In progress' });
    expect([order.attention, order.state.pausedBy]).toEqual(['paused', 'ann']);
  });

  it('of the provider is still the provider’s after another workflow has taken the order up', () => {
    const order = new HandDrivenOrder();
    order.says(1, { status: 'Paused' });
    order.takeUp();
    expect(order.attention).toBe('paused');
    order.says(1, { status: 'In progress' });
    expect(order.attention).toBe('none');
  });

  it('does not keep an order from ending', () => {
    const order = new HandDrivenOrder();
    order.pause('ann', 'private');
    order.says(1, { status: 'Partial', remains: 300 });
    expect(order.settled).toMatchObject({ status: 'Partial', delivered: 700, reason: 'private' });
  });

  it.each([
    ['before it was sent', START + HOUR, 0],
    ['while it was delivered', START, 700],
  ])('is not why an order ended that was canceled %s', (_, startAt, delivered) => {
    const order = new HandDrivenOrder(termsOf({ startAt }));
    order.pause('ann', 'private');
    order.cancel('account 1', 'changed my mind');
    if (delivered > 0) order.says(1, { status: 'Partial', remains: 300 });
    expect(order.settled).toMatchObject({ delivered, reason: 'requested' });
  });

  it('is not counted by the cap on the time In progress', () => {
    const order = new HandDrivenOrder(termsOf({ reviewAfterMs: 10 * HOUR }));
    order.pass(4 * HOUR);
    order.pause();
    order.pass(100 * HOUR);
    expect(order.attention).toBe('paused');
    order.resume();
    order.pass(6 * HOUR - 1);
    expect(order.attention).toBe('none');
    order.pass(1);
    expect([order.attention, order.types.at(-1)]).toEqual(['review', 'order.review']);
  });

  it('said twice is one, and so is its end', () => {
    const order = new HandDrivenOrder();
    for (let call = 0; call < 3; call += 1) expect(order.pause().ok).toBe(true);
    for (let call = 0; call < 3; call += 1) expect(order.resume().ok).toBe(true);
    expect(order.types).toEqual(['order.paused', 'order.resumed']);
  });
});

describe('an order that stands still', () => {
  it('is stalled until it moves', () => {
    const order = new HandDrivenOrder();
    order.says(1, { stalledSince: START });
    expect([order.attention, order.types]).toEqual(['stalled', ['order.stalled']]);
    order.says(1, { remains: 900 });
    expect([order.attention, order.types.at(-1)]).toEqual(['none', 'order.moving']);
  });

  it('is reviewed when it is In progress for too long, once', () => {
    const order = new HandDrivenOrder(termsOf({ reviewAfterMs: HOUR }));
    order.pass(10 * DAY);
    expect([order.attention, order.types]).toEqual(['review', ['order.review']]);
    order.takeUp();
    order.pass(10 * DAY);
    expect(order.types).toEqual(['order.review']);
  });

  it('and is paused, too, shows the later attention', () => {
    const order = new HandDrivenOrder();
    order.says(1, { stalledSince: START });
    order.pause();
    expect(order.attention).toBe('paused');
    order.pass(MINUTE);
    order.resume();
    expect(order.attention).toBe('stalled');
  });
});
