import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

let world: World;
let api: ServedApi;
let key: string;
let other: string;

beforeAll(async () => {
  world = await realWorld();
  api = await serveApi(world);
  for (const [name, account] of [
    ['own', (await world.shop()).account],
    ['other', (await world.shop()).account],
  ] as const) {
    const made = await createKey(world.sql, { accountId: account, name });
    if (name === 'own') key = made.key;
    else other = made.key;
  }
});
afterAll(async () => {
  await api.close();
  await world.close();
});

const save = (name: string, query: string, idempotencyKey = `${name} ${query}`) =>
  api.v1('/v1/views', { key, body: { name, query }, idempotencyKey });
const listed = async (by = key) => (await api.v1('/v1/views', { key: by })).body.data as { name: string }[];

test('a view is saved once under its name, replaced by the same name, and seen by its account alone', async () => {
  const first = await save('running', 'status=open');
  expect(first.body).toEqual({ id: expect.any(Number), name: 'running', query: 'status=open' });
  const again = await save('running', 'status=Pending');
  expect([again.status, again.body.id]).toEqual([201, first.body.id]);
  expect((await save('running', 'status=open')).body).toEqual(first.body);
  expect(await listed()).toEqual([{ id: first.body.id, name: 'running', query: 'status=Pending' }]);
  expect(await listed(other)).toEqual([]);
  const path = `/v1/views/${first.body.id}`;
  expect((await api.v1(path, { key: other, method: 'DELETE' })).status).toBe(404);
  expect((await api.v1(path, { key, method: 'DELETE' })).body.name).toBe('running');
  expect((await api.v1(path, { key, method: 'DELETE' })).body.code).toBe('not_found');
});

test('an account has a bounded number of views, also when many are saved at the same time', async () => {
  const all = Array.from({ length: LIMITS.orderViews + 3 }, (_, n) => save(`view ${n}`, 'status=open'));
  const codes = (await Promise.all(all)).map(({ status, body }) => body.code ?? status);
  expect(codes.filter((code) => code === 201)).toHaveLength(LIMITS.orderViews);
  expect(codes.filter((code) => code === 'too_many_views')).toHaveLength(3);
  const [kept] = await listed();
  expect((await save(kept?.name ?? '', 'archived=true')).status).toBe(201);
});

test('a name or a query that is empty, too long or not printable is refused', async () => {
  for (const [name, query] of [
    ['', 'status=open'],
    ['x', ''],
    ['x'.repeat(LIMITS.viewName + 1), 'status=open'],
    ['x', 'y'.repeat(LIMITS.viewQuery + 1)],
    ['x\u0000', 'status=open'],
  ] as const) {
    expect((await save(name, query, `wrong ${name.length} ${query.length}`)).body.code).toBe('invalid_request');
  }
});
