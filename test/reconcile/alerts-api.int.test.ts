import { afterAll, expect, test } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { beginAttempt, whyNotBegun } from '../../db/dispatch/attempts.ts';
import { raiseAlert } from '../../db/reconcile/alerts.ts';
import { attemptOf, refusedBy } from '../support/engines/running.ts';
import type { Answer } from '../support/worlds/api.ts';
import { apiWorld } from '../support/worlds/api-world.ts';
import { openShop } from '../support/worlds/shop.ts';

const { world, api, staff, close } = await apiWorld({ workers: false });
afterAll(close);

let keys = 0;
const get = (path: string): Promise<Answer> => api.v1(`/v1/admin${path}`, { key: staff });
const act = (provider: number, verb: string, body: unknown, idempotencyKey = `k-${++keys}`): Promise<Answer> =>
  api.v1(`/v1/admin/providers/${provider}/${verb}`, {
    key: staff,
    method: 'POST',
    idempotencyKey,
    ...(body === undefined ? {} : { body }),
  });
/** A shop with one provider. `fails` gets that provider into trouble. */
async function shop() {
  const { order, providers, account } = await openShop(world.sql);
  const [provider = 0] = providers;
  const fails = async () => refusedBy(world.sql, attemptOf(await order()), 'funds');
  return { order, provider, account, fails };
}
const listed = async (provider: number) =>
  ((await get('/providers?limit=100')).body.data as { id: number }[]).find(({ id }) => id === provider);
const openCount = async () => {
  const metrics = await (await fetch(api.metricsUrl)).text();
  return Number(/\nholdfast_open_alerts\{kind="provider_paused"\} (\d+)\n/.exec(metrics)?.[1]);
};
const alertsOf = async (provider: number, query = ''): Promise<unknown[]> =>
  ((await get(`/alerts?limit=100${query}`)).body.data as { subject: string }[]).filter(
    ({ subject }) => subject === `provider:${provider}`,
  );

test('orders that need attention are counted in the metrics', async () => {
  const { order } = await shop();
  const counted = async (attention: string) => {
    const metrics = await (await fetch(api.metricsUrl)).text();
    return Number(
      new RegExp(`\nholdfast_orders_with_attention\\{attention="${attention}"\\} (\\d+)\n`).exec(metrics)?.[1],
    );
  };
  expect([await counted('stalled'), await counted('review')]).toEqual([0, 0]);
  const [stalled, other] = [await order(), await order()];
  await world.sql`update orders set attention = 'stalled' where id in (${stalled}, ${other})`;
  expect([await counted('stalled'), await counted('review')]).toEqual([2, 0]);
});

test('a provider in trouble is seen in the list, the alerts and the metrics, until staff resume it', async () => {
  const { provider, account, fails } = await shop();
  const before = await openCount();
  await fails();
  expect(await listed(provider)).toMatchObject({
    pausedUntil: expect.any(String),
    pauseReason: 'funds',
    pauseNote: `only for orders of account ${account}`,
  });
  const alert = {
    id: expect.any(Number),
    kind: 'provider_paused',
    subject: `provider:${provider}`,
    subjectName: expect.stringMatching(/^provider \w+$/),
    detail: 'funds',
    at: expect.any(String),
    resolvedAt: null,
    resolvedBy: null,
    canResolve: false,
    acknowledgedAt: null,
    acknowledgedBy: null,
    snoozedUntil: null,
    snoozedBy: null,
  };
  expect(await alertsOf(provider)).toEqual([alert]);
  expect(await openCount()).toBe(before + 1);

  const resumed = await act(provider, 'resume', undefined);
  expect([resumed.status, resumed.body]).toEqual([
    201,
    { id: provider, pausedUntil: null, pauseReason: null, pauseNote: null },
  ]);
  expect(await listed(provider)).toMatchObject({ pausedUntil: null, pauseReason: null });
  expect(await alertsOf(provider, '&open=true')).toEqual([]);
  expect(await alertsOf(provider, '&open=false')).toEqual([{ ...alert, resolvedAt: expect.any(String) }]);
  expect(await openCount()).toBe(before);

  // A new failure is a new alert.
  await fails();
  expect((await alertsOf(provider)).length).toBe(2);
});

test('staff say that they have seen an alert, or put it off; a cause that comes back is a new alert', async () => {
  const { provider, fails } = await shop();
  await fails();
  const onAlert = (id: unknown, verb: string, body: object = {}) =>
    api.v1(`/v1/admin/alerts/${id}/${verb}`, { key: staff, body });
  const [{ id } = { id: 0 }] = (await alertsOf(provider)) as { id: number }[];
  const seen = await onAlert(id, 'acknowledge');
  expect([seen.status, seen.body]).toMatchObject([
    200,
    { id, acknowledgedAt: expect.any(String), acknowledgedBy: 'staff: staff', snoozedUntil: null },
  ]);
  expect((await onAlert(id, 'acknowledge')).body).toEqual(seen.body);
  const later = await onAlert(id, 'snooze', { minutes: 90 });
  const minutes = (Date.parse(later.body.snoozedUntil as string) - Date.now()) / 60_000;
  expect([later.body.snoozedBy, Math.round(minutes)]).toEqual(['staff: staff', 90]);
  // The same cause changes the open alert at most, which stays as seen.
  expect(
    await raiseAlert(world.sql, { kind: 'provider_paused', subject: `provider:${provider}`, detail: 'funds' }),
  ).toBe(false);
  expect(await alertsOf(provider)).toEqual([later.body]);

  await act(provider, 'resume', undefined);
  for (const verb of ['acknowledge', 'snooze']) {
    const over = await onAlert(id, verb, verb === 'snooze' ? { minutes: 1 } : {});
    expect([over.status, over.body.code]).toEqual([409, 'conflict']);
    expect((await onAlert(999_999, verb, { minutes: 1 })).body.code).toBe('not_found');
  }
  await fails();
  expect(await alertsOf(provider, '&open=true')).toMatchObject([{ acknowledgedAt: null, snoozedUntil: null }]);
  for (const wrong of [{}, { minutes: 0 }, { minutes: 525_601 }, { minutes: 1, by: 'me' }])
    expect((await onAlert(id, 'snooze', wrong)).body.code).toBe('invalid_request');
});

test('staff resolve an alert about something that happened; one about a state ends by itself', async () => {
  const { provider, fails } = await shop();
  const resolve = (id: unknown, body: object = { reason: 'the provider corrected it' }) =>
    api.v1(`/v1/admin/alerts/${id}/resolve`, { key: staff, body });
  const word = {
    kind: 'provider_word',
    subject: `word:${provider}:odd`,
    detail: 'its status "odd" is not known',
  } as const;
  const open = async () => {
    const { body } = await get('/alerts?open=true&limit=100');
    return (body.data as { id: number; kind: string; subject: string }[]).filter(({ subject }) =>
      [`provider:${provider}`, word.subject].includes(subject),
    );
  };
  await raiseAlert(world.sql, word);
  await fails();
  const [paused, said] = await open();
  expect([paused, said]).toMatchObject([
    { kind: 'provider_paused', canResolve: false },
    { kind: 'provider_word', canResolve: true },
  ]);
  const done = await resolve(said?.id);
  expect([done.status, done.body]).toMatchObject([
    200,
    { id: said?.id, resolvedAt: expect.any(String), resolvedBy: 'staff: staff', canResolve: false },
  ]);
  // The same word is a new alert when the provider says it again.
  expect(await raiseAlert(world.sql, word)).toBe(true);
  expect((await open()).map(({ kind }) => kind)).toEqual(['provider_word', 'provider_paused']);

  const refused = await resolve(paused?.id);
  expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
  expect(refused.body.detail).toContain('ends by itself when its cause is over');
  expect((await resolve(said?.id)).body).toMatchObject({
    code: 'conflict',
    detail: expect.stringContaining('has ended'),
  });
  expect((await resolve(999_999)).body.code).toBe('not_found');
  expect((await resolve(said?.id, {})).body.code).toBe('invalid_request');
  expect((await open()).map(({ id }) => id)).toContain(paused?.id);
});

test('alerts come newest first, page by page', async () => {
  for (let number = 0; number < 3; number += 1) await (await shop()).fails();
  const first = await get('/alerts?limit=2');
  const rest = await get(`/alerts?limit=100&cursor=${first.body.nextCursor}`);
  const ids = [...(first.body.data as { id: number }[]), ...(rest.body.data as { id: number }[])].map(({ id }) => id);
  expect(ids.length).toBeGreaterThanOrEqual(3);
  expect(ids).toEqual([...new Set(ids)].sort((one, other) => other - one));
  const wrong = await get('/alerts?open=perhaps');
  expect([wrong.status, wrong.body.code]).toEqual([422, 'invalid_request']);
});

test('staff pause a provider by hand: orders wait, without an alert, and go on when it is resumed', async () => {
  const { provider, order } = await shop();
  const { status, body } = await act(provider, 'pause', { minutes: 90, reason: 'they move house' });
  expect([status, body]).toEqual([
    201,
    { id: provider, pausedUntil: expect.any(String), pauseReason: 'staff', pauseNote: 'they move house' },
  ]);
  const minutes = (Date.parse(body.pausedUntil as string) - Date.now()) / 60_000;
  expect(Math.round(minutes)).toBe(90);
  expect(await listed(provider)).toMatchObject({ pauseReason: 'staff', pauseNote: 'they move house' });
  expect(await alertsOf(provider)).toEqual([]);
  const id = await order();
  expect(await beginAttempt(world.sql, attemptOf(id))).toBeUndefined();
  expect(await whyNotBegun(world.sql, attemptOf(id))).toMatchObject({ kind: 'paused' });
  await act(provider, 'resume', undefined);
  expect(await beginAttempt(world.sql, attemptOf(id))).toMatchObject({ provider });
});

test('a repeat of a pause is the first one, and does not pause again what was resumed since', async () => {
  const { provider } = await shop();
  const first = await act(provider, 'pause', { minutes: 5 }, 'once');
  await act(provider, 'resume', undefined);
  const again = await act(provider, 'pause', { minutes: 5 }, 'once');
  expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([first.body, 'true']);
  expect(await listed(provider)).toMatchObject({ pausedUntil: null });
  const other = await act(provider, 'pause', { minutes: 6 }, 'once');
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
});

test.each<[string, unknown]>([
  ['no minutes', {}],
  ['no time at all', { minutes: 0 }],
  ['more than a year', { minutes: 525_601 }],
  ['half a minute', { minutes: 0.5 }],
  ['a field nobody knows', { minutes: 5, until: 'tomorrow' }],
  ['control characters', { minutes: 5, reason: 'a\u0000b' }],
])('a pause with %s is refused', async (_, body) => {
  const { provider } = await shop();
  const answer = await act(provider, 'pause', body);
  expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
  expect(await listed(provider)).toMatchObject({ pausedUntil: null });
});

test('only staff, with an Idempotency-Key, for a provider that is there', async () => {
  const { provider, account } = await shop();
  const { key } = await createKey(world.sql, { accountId: account, name: 'customer' });
  for (const [path, body] of [
    [`/v1/admin/providers/${provider}/pause`, { minutes: 5 }],
    [`/v1/admin/providers/${provider}/resume`, {}],
    ['/v1/admin/alerts', undefined],
  ] as const) {
    const answer = await api.v1(path, { key, body, idempotencyKey: 'x' });
    expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'forbidden']);
  }
  const keyless = await api.v1(`/v1/admin/providers/${provider}/pause`, { key: staff, body: { minutes: 5 } });
  expect([keyless.status, keyless.body.code]).toEqual([400, 'idempotency_key_missing']);
  for (const id of [999_999, 99_999_999_999]) {
    for (const verb of ['pause', 'resume']) {
      const answer = await act(id, verb, verb === 'pause' ? { minutes: 5 } : undefined);
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
    }
  }
});
