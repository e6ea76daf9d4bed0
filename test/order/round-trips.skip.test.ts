import { afterAll, expect, test } from 'vitest';
import { above, tallies } from '../support/reads/tally.ts';
import { skippingDesk } from '../support/worlds/skipping-desk.ts';

const open = await skippingDesk({ connections: 1 });
const { world, desk } = open;
afterAll(open.close);

const MINUTE = 60_000;
/** Runs after which PostgreSQL's process has its plans and its catalogue in memory. */
const FIRST = 8;
const COUNTED = 4;

test('a further run of a drip-feed costs no more commits and rows than its limit until a provider has it', async () => {
  const shop = await open.shop();
  const runs = FIRST + COUNTED + 1;
  const orderId = await shop.claim({ quantity: 100, dripFeed: { runs, intervalMinutes: 60 } });
  await desk.place(orderId);
  const counts = await tallies(world.url, [world.sql]);
  const spent = { commits: 0, updated: 0, inserted: 0, read: 0 };
  for (let run = 1; run <= FIRST + COUNTED; run += 1) {
    await expect
      .poll(async () => (await world.view(orderId)).batches.find(({ batch }) => batch === run)?.state)
      .toBe('running');
    const each = await counts.since(COUNTED);
    if (run > FIRST) {
      spent.commits += each.commits;
      spent.updated += each.updated;
      spent.inserted += each.inserted;
      spent.read += each.read;
    }
    await desk.completeRunning(shop, orderId);
    await counts.since(1);
    await world.env.sleep(61 * MINUTE);
  }
  await counts.close();
  expect(above({ commits: 2, updated: 5, inserted: 2, read: 65 }, spent)).toEqual({});
});
