import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWatches } from '../../activities/delivery/watches.ts';
import { running } from '../support/engines/running.ts';
import { type ScriptedPanel, scriptedPanel } from '../support/peers/panel.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

/** Orders of one status call. */
const CALL = 100;
/** Status calls that a watch makes at the same time. */
const CALLS = 4;

let world: World;
let silent: ScriptedPanel;
let answering: ScriptedPanel;

beforeAll(async () => {
  world = await realWorld();
  await world.startWorkers();
  [silent, answering] = await Promise.all([scriptedPanel(), scriptedPanel()]);
});
afterAll(async () => {
  await Promise.all([silent.close(), answering.close()]);
  await world.close();
});

/** Lets orders run at a provider, without workflows. */
async function runningAt(panel: ScriptedPanel, count: number): Promise<{ provider: number; ids: number[] }> {
  const shop = await world.shop({ providers: [panel.url] });
  const ids = await Promise.all(Array.from({ length: count }, () => shop.order()));
  for (const id of ids) await running(world.sql, id, `${id}`);
  return { provider: shop.providers[0] ?? 0, ids };
}
const watch = (provider: number) => createWatches(world.temporal).ensure(provider);
const statusCalls = ({ calls }: ScriptedPanel) => calls.filter(({ action }) => action === 'status').length;

it('a provider that answers no status call is asked by so many calls at once, and delays no round at another', async () => {
  silent.onStatus = () => new Promise(() => {});
  answering.onStatus = () => ({ status: 'In progress', remains: '500', charge: '0.5', start_count: '10' });
  const asked = await runningAt(silent, CALLS * CALL + 1);
  const { provider, ids } = await runningAt(answering, CALL + 1);
  // From here on, all must happen before the silent provider's first calls reach their deadline.
  await watch(asked.provider);
  await expect.poll(() => statusCalls(silent)).toBe(CALLS);
  await watch(provider);
  const told = async () =>
    (await world.sql`select from batches where order_id = any(${ids.map(String)}::bigint[]) and remains = 500`).length;
  await expect.poll(told).toBe(ids.length);
  const seen = statusCalls(answering);
  await expect.poll(() => statusCalls(answering)).toBeGreaterThanOrEqual(seen + 2 * 2);
  expect(statusCalls(silent)).toBe(CALLS);
});
