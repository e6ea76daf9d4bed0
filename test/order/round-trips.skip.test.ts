import { afterAll, expect, test } from 'vitest';
import { postgresOfOurOwn } from '../support/engines/engines.ts';
import { above, tallies } from '../support/reads/tally.ts';
import { skippingDesk } from '../support/worlds/skipping-desk.ts';
import { sharedEngines } from '../support/worlds/timeskip.ts';

// A server of its own: autovacuum visits the databases of a shared one, and counts as what they do.
const server = await postgresOfOurOwn({ autovacuum: 'off' });
const { timeSkippingServer, workflows } = sharedEngines();
const open = await skippingDesk({
  connections: 1,
  engines: { postgresUrl: server.value, timeSkippingServer, workflows },
});
const { world, desk } = open;
afterAll(async () => {
  await open.close();
  await server.stop();
});

const MINUTE = 60_000;
/** Runs after which PostgreSQL's process has its plans and its catalogue in memory. */
const FIRST = 8;
const COUNTED = 4;

test('a further run of a drip-feed costs no more commits and rows than its limit until a provider has it', async () => {
  const shop = await open.shop();
  const runs = FIRST + COUNTED + 1;
  const orderId = await shop.claim({ quantity: 100, dripFeed: { runs, intervalMinutes: 60 } });
  await desk.place(orderId);
  const counts = await tallies(world.url, [world.sql], server.value);
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
  expect(above({ commits: 2, updated: 5, inserted: 2, read: 67 }, spent)).toEqual({});
});
