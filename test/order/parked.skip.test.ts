import { afterAll, expect, it } from 'vitest';
import { refusing } from '../support/engines/refusing-database.ts';
import { skippingDesk } from '../support/worlds/skipping-desk.ts';

const HOUR = 3_600_000;

const { world, desk, shop, close } = await skippingDesk();
afterAll(close);

it('an order that cannot be settled tries again every hour, for days, and goes on once it can be', async () => {
  const { claim } = await shop();
  const orderId = await claim();
  await desk.place(orderId);
  await desk.until(orderId, { status: 'In progress' });
  const ends = await refusing(world.sql, 'orders', '23514', `new.id = ${orderId} and new.settled_at is not null`);
  await desk.report(orderId, 'Completed', 0);
  await desk.until(orderId, { status: 'In progress', parked: expect.stringContaining('settleOrder: 23514') });
  await world.env.sleep(48 * HOUR);
  const { events } = await desk.handle(orderId).fetchHistory();
  expect(events?.length).toBeLessThan(500);
  await ends();
  await world.env.sleep(HOUR);
  await desk.until(orderId, { status: 'Completed', parked: null, charge: '0.9' });
  const [alert] = await world.sql`select resolved_at from alerts where kind = 'order_parked'`;
  expect(alert?.resolved_at).toBeInstanceOf(Date);
});
