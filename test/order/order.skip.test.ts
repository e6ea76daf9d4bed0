import { afterAll, describe, expect, it } from 'vitest';
import { correctedSignal } from '../../workflows/contract.ts';
import { skippingDesk } from '../support/worlds/skipping-desk.ts';

const DAY = 86_400;

const { world, desk, shop, close } = await skippingDesk();
afterAll(close);

describe('the life of a plain order', () => {
  it('completes and is charged in full', async () => {
    const { claim } = await shop();
    const orderId = await claim();
    expect(await desk.place(orderId)).toMatchObject({ kind: 'order' });
    await desk.until(orderId, { status: 'In progress' });
    await desk.report(orderId, 'Completed', 0);
    await desk.until(orderId, { status: 'Completed', delivered: 1000, price: '0.9', charge: '0.9', refunded: '0' });
  });

  it('takes no correction before its end, and goes on', async () => {
    const { claim } = await shop();
    const orderId = await claim();
    await desk.place(orderId);
    await desk.until(orderId, { status: 'In progress' });
    await desk.handle(orderId).signal(correctedSignal, { status: 'Canceled', delivered: 0 });
    await desk.report(orderId, 'Completed', 0);
    await desk.until(orderId, { status: 'Completed', delivered: 1000, charge: '0.9' });
  });

  it('skips a cap of 30 days and then asks for a review', async () => {
    const { claim } = await shop({ service: { review_after_seconds: 30 * DAY } });
    const orderId = await claim();
    await desk.place(orderId);
    await desk.until(orderId, { status: 'In progress' });
    await world.env.sleep(30 * DAY * 1000);
    await desk.until(orderId, { attention: 'review' });
    await desk.report(orderId, 'Partial', 400);
    await desk.until(orderId, {
      status: 'Partial',
      attention: 'none',
      delivered: 600,
      charge: '0.54',
      refunded: '0.36',
    });
  });
});
