import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { openSupport, type Support } from '../support/worlds/support.ts';

/** Messages from the Temporal UI to an order that is being delivered. */
describe('a message from the Temporal UI', () => {
  let support: Support;
  let id: number;

  beforeAll(async () => {
    support = await openSupport();
  });
  afterAll(() => support?.close());
  beforeEach(async () => {
    ({ id } = await support.place('stall:400,speed:1000'));
    await expect
      .poll(() => support.order(id), { timeout: 30_000 })
      .toMatchObject({ status: 'In progress', delivered: 400n });
    await support.ui.open(id);
  });

  const becomes = (expected: object) =>
    expect.poll(() => support.order(id), { timeout: 30_000 }).toMatchObject(expected);
  const untouched = { status: 'In progress', attention: 'none' };
  const untilNoted = (line: string) =>
    expect.poll(() => support.timeline(id), { timeout: 30_000 }).toContainEqual(line);

  it('with its JSON is taken, and the details say so', async () => {
    const { ui } = support;
    expect(await ui.send('Signal', 'pause', '{"by": "ann", "reason": "private"}')).toBe('Workflow signaled.');
    await becomes({ attention: 'paused' });
    await untilNoted('order.paused by staff (Temporal UI): ann');
    await expect
      .poll(() => ui.details(), { timeout: 30_000 })
      .toMatch(/^In progress · needs attention: paused · reason: private/);
    expect(await ui.details()).toMatch(/send resume when the reason for the pause is gone/);
    expect(await ui.details()).toMatch(/order\.paused by staff/);
    expect(await ui.find('Attention="paused"')).toEqual([`order-${id}`]);
  });

  it('that holds Markdown and HTML is shown as text, and is no link', async () => {
    const { ui } = support;
    const reason = '[Temporal](https://evil.example) <b>x</b> https://evil.example www.evil.example a@evil.example # y';
    await ui.send('Signal', 'pause', JSON.stringify({ by: 'ann', reason }));
    await untilNoted('order.paused by staff (Temporal UI): ann');
    await expect.poll(() => ui.details(), { timeout: 30_000 }).toContain('[Temporal](https:');
    const shown = ui.page.locator('iframe#user-metadata-current-details').contentFrame();
    expect(await shown.locator('a, b, img').count()).toBe(0);
  });

  it('left blank does nothing but leave one line of its kind in the timeline', async () => {
    for (const signal of ['pause', 'cancel', 'resume']) {
      expect(await support.ui.send('Signal', signal)).toBe('Workflow signaled.');
    }
    await expect
      .poll(
        async () => (await support.timeline(id)).filter((line) => line === 'message.refused by staff (Temporal UI)'),
        {
          timeout: 30_000,
        },
      )
      .toHaveLength(1);
    expect(await support.ui.send('Signal', 'resolve')).toBe('Workflow signaled.');
    await untilNoted('resolve.refused by staff (Temporal UI)');
    expect(await support.order(id)).toMatchObject(untouched);
  });

  it('that is no JSON does not leave the browser', async () => {
    const before = await support.world.history(id);
    expect(await support.ui.send('Signal', 'pause', '{"by": ann')).toContain('Input must be valid JSON');
    expect(await support.world.history(id)).toEqual(before);
    expect(await support.order(id)).toMatchObject(untouched);
  });

  it('with JSON of another shape does nothing but leave a line in the timeline', async () => {
    for (const json of ['"ann"', '[{"by": "ann"}]', '{"by": 7}']) {
      expect(await support.ui.send('Signal', 'pause', json)).toBe('Workflow signaled.');
    }
    expect(await support.ui.send('Signal', 'resolve', '{"by": "ann", "action": "refund"}')).toBe('Workflow signaled.');
    await untilNoted('resolve.refused by staff (Temporal UI): ann');
    expect(
      (await support.timeline(id)).filter((line) => line === 'message.refused by staff (Temporal UI)'),
    ).toHaveLength(1);
    expect(await support.order(id)).toMatchObject(untouched);
  });

  it('with a name nobody knows does nothing but leave a line in the timeline', async () => {
    expect(await support.ui.send('Signal', 'give-it-all-back', '{"by": "ann"}')).toBe('Workflow signaled.');
    await untilNoted('signal.ignored by staff (Temporal UI)');
    expect(await support.order(id)).toMatchObject(untouched);
    await expect.poll(() => support.ui.details(), { timeout: 30_000 }).toContain('give-it-all-back');
  });

  it('as an Update is answered, also when it is refused', async () => {
    const { ui } = support;
    expect(await ui.send('Update', 'pause', '{"by": "ann", "reason": "private"}')).toBe('Update successful');
    await becomes({ attention: 'paused' });
    expect(await ui.answer('pause')).toContain('the order is paused: nothing further is sent');
    await ui.open(id);
    const attach = '{"by": "ann", "action": "attach", "providerOrder": "1"}';
    // An Update refused by its validator is not in the history, so the UI's message has the answer.
    expect(await ui.send('Update', 'resolveReview', attach)).toContain(
      'attach is not possible while the attention is paused',
    );
    expect(await support.order(id)).toMatchObject({ attention: 'paused' });
  });

  it('by the Cancel button asks the provider to stop, and refunds what it did not deliver', async () => {
    await support.ui.cancel();
    await untilNoted('cancel.requested by staff (Temporal UI): Request Cancellation');
    await becomes({ status: 'Partial', delivered: 400n, charge: 36_000_000n, refunded: 54_000_000n });
    expect(await verifyLedger(support.world.sql)).toEqual([]);
  });
});
