import { afterAll, beforeAll, expect, it } from 'vitest';
import { askOwedStops } from '../../activities/dispatch/stops.ts';
import { stopAnswered, takeOwedStops } from '../../db/dispatch/stops.ts';
import { orderEvents } from '../../db/order/orders.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { running } from '../support/engines/running.ts';
import { type ScriptedPanel, scriptedPanel } from '../support/peers/panel.ts';
import { openShop } from '../support/worlds/shop.ts';

let database: TestDatabase;
let panel: ScriptedPanel;
beforeAll(async () => {
  [database, panel] = await Promise.all([testDatabase(), scriptedPanel()]);
});
afterAll(() => Promise.all([database.drop(), panel.close()]));

/** An order that staff ended while its provider was delivering, after this answer to a stop. */
async function endedByStaff(answer: 'accepted' | 'refused' | 'unclear' | null) {
  const { sql } = database;
  const { order, providers } = await openShop(sql);
  const id = await order();
  await running(sql, id, `${id}-1`);
  if (answer !== null) await stopAnswered(sql, { orderId: id, batch: 1, answer, at: new Date() });
  await sql`select settle_order(${id}, 'Partial', 400, null, 'ann', clock_timestamp(), '[]', '[]', true)`;
  return { id, provider: providers[0] ?? 0 };
}
const taken = async (provider: number) =>
  (await takeOwedStops(database.sql, provider, 100)).map(({ orderId }) => orderId);
/** Sets the times of the order's stop back by so many minutes. */
const later = (id: number, minutes: number) => database.sql`
  update batches set stop_wanted_at = stop_wanted_at - make_interval(mins => ${minutes}),
    stop_asked_at = stop_asked_at - make_interval(mins => ${minutes}) where order_id = ${id}`;

it.each([
  [null, 1],
  ['unclear', 1],
  ['refused', 0],
  ['accepted', 0],
] as const)('after the answer %s the watch asks again, ten minutes apart: %d', async (answer, times) => {
  const { id, provider } = await endedByStaff(answer);
  expect(await taken(provider)).toEqual([]);
  for (let round = 0; round < 2; round += 1) {
    await later(id, 11);
    expect(await taken(provider)).toEqual(times === 1 ? [id] : []);
    expect(await taken(provider)).toEqual([]);
  }
});

it('an answer that is not clear again is no event, and a clear one ends the asking', async () => {
  const { sql } = database;
  const { id, provider } = await endedByStaff('unclear');
  const asked = async () =>
    (await orderEvents(sql, id, undefined, 100)).filter(({ type }) => type === 'stop.asked').length;
  const to = { url: panel.url, key: 'k', guard: { allowLoopback: true } };
  const answers: unknown[] = [{}, {}, [{ order: `${id}-1`, cancel: 1 }]];
  for (const [round, answer] of answers.entries()) {
    await later(id, 11);
    panel.onCancel = () => answer;
    await askOwedStops(sql, to, provider);
    expect(await asked()).toBe(round === 2 ? 2 : 1);
  }
  await later(id, 11);
  expect(await taken(provider)).toEqual([]);
});

it('a batch that has ended at its provider needs no stop', async () => {
  const { id, provider } = await endedByStaff('unclear');
  await later(id, 11);
  await database.sql`update batches set terminal_at = clock_timestamp() where order_id = ${id}`;
  expect(await taken(provider)).toEqual([]);
});
