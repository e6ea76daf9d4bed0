import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCallLog } from '../../activities/provider/call-log.ts';
import { createStaffKey } from '../../db/account/accounts.ts';
import { addCalls, deleteOldCalls } from '../../db/provider/calls.ts';
import { percentileOf, withOne } from '../../domain/report/histogram.ts';
import { type ScriptedPanel, scriptedPanel } from '../support/peers/panel.ts';
import { placeClaim } from '../support/reads/place.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

let world: World;
let api: ServedApi;
let panel: ScriptedPanel;
let staff: string;

beforeAll(async () => {
  world = await realWorld({ isMeasured: true });
  await world.startWorkers();
  api = await serveApi(world);
  panel = await scriptedPanel();
  ({ key: staff } = await createStaffKey(world.sql));
});
afterAll(async () => {
  await api.close();
  await world.close();
  await panel.close();
});

interface Row {
  readonly action: string;
  readonly calls: number;
}
const read = async (provider: number, query = '') => {
  const { status, body } = await api.v1(`/v1/admin/providers/${provider}/calls${query}`, { key: staff });
  return { status, code: body.code, data: body.data as Row[] };
};

test('the calls to a provider are counted by action, with nothing of what was said', async () => {
  const shop = await world.shop({ providers: [panel.url] });
  const [provider = 0] = shop.providers;
  const id = await shop.claim({ link: 'https://example.com/secret-link' });
  await placeClaim(world.sql, world.temporal, id);
  await expect.poll(() => panel.calls.some(({ action }) => action === 'status'), { timeout: 20_000 }).toBe(true);
  await world.deps.calls?.flush();
  const { data } = await read(provider);
  expect(data.find(({ action }) => action === 'add')).toMatchObject({
    at: expect.stringMatching(/:00\.000Z$/),
    calls: 1,
    answered: 1,
    errors: 0,
    notSent: 0,
    noAnswer: 0,
    latencyMs: { p50: expect.any(Number), p95: expect.any(Number) },
  });
  const stored = JSON.stringify(await world.sql`select * from provider_calls`);
  for (const secret of ['secret-link', 'upstream-key', panel.url]) expect(stored).not.toContain(secret);
});

test('counts of one minute add up, whoever writes them, and are shown by minute or by hour', async () => {
  const [provider = 0] = (await world.shop()).providers;
  const [one, other] = [createCallLog(world.sql, world.deps.log), createCallLog(world.sql, world.deps.log)];
  const answered = { kind: 'answered', status: 200, body: '' } as const;
  for (let call = 0; call < 20; call += 1) one.note(provider, 'status', answered, 100);
  other.note(provider, 'status', { ...answered, status: 503 }, 5_000);
  other.note(provider, 'status', { kind: 'noAnswer', detail: 'reset' }, 20_000);
  other.note(provider, 'balance', { kind: 'notSent', detail: 'refused' }, 3);
  await Promise.all([one.flush(), other.flush()]);
  await one.flush();
  const hour = 3_600_000;
  const at = (ms: number) => new Date(Math.floor(Date.now() / hour) * hour + ms).toISOString();
  const { data } = await read(provider, `?step=hour&from=${at(-hour)}&to=${at(hour)}`);
  const total = { calls: 0, answered: 0, errors: 0, noAnswer: 0 };
  // The minute, and so the hour, may have changed meanwhile.
  for (const row of data.filter(({ action }) => action === 'status') as (Row & typeof total)[])
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += row[name];
  expect(total).toEqual({ calls: 22, answered: 21, errors: 1, noAnswer: 1 });
  expect(data.filter(({ action }) => action === 'balance')).toMatchObject([{ calls: 1, notSent: 1 }]);
});

test('the histograms of PostgreSQL are those of the code', async () => {
  const durations = [0, 0.5, 1, 1.3, 2, 7, 100, 100, 12_345, 9e6, 1e9];
  const [row] = await world.sql<{ made: number[]; sum: number[] }[]>`
    select histogram(${durations}::float8[]) as made, add_histograms(histogram('{5}'), histogram('{5,900}')) as sum`;
  expect(row?.made).toEqual(durations.reduce<readonly number[]>(withOne, []));
  expect(row?.sum).toEqual([5, 5, 900].reduce<readonly number[]>(withOne, []));
  expect(percentileOf(row?.sum ?? [], 0.5)).toBeCloseTo(5, 0);
});

test('a provider that is not there, or a time too long, is refused, and old counts are deleted', async () => {
  const [provider = 0] = (await world.shop()).providers;
  expect(await read(999_999)).toMatchObject({ status: 404, code: 'not_found' });
  const from = (hours: number) => `from=${new Date(Date.now() - hours * 3_600_000).toISOString()}`;
  for (const query of [`?${from(4)}`, `?${from(25)}&step=hour`, `?${from(-1)}`, '?step=day', '?from=x'])
    expect(await read(provider, query)).toMatchObject({ status: 422, code: 'invalid_request' });
  expect(await read(provider, `?${from(23)}&step=hour`)).toMatchObject({ status: 200, data: [] });

  const counts = { provider, action: 'add', answered: 1, errors: 0, notSent: 0, noAnswer: 0, latency: [1] };
  const days = (ago: number) => Date.now() - ago * 86_400_000;
  await addCalls(world.sql, [
    { ...counts, minute: days(8) },
    { ...counts, minute: days(6) },
  ]);
  await deleteOldCalls(world.sql, 7, 100);
  const left = await world.sql`select answered from provider_calls where provider_id = ${provider}`;
  expect(left).toHaveLength(1);
});
