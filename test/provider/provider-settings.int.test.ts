import { randomBytes } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { open } from '../../db/account/secrets.ts';
import { serveApi } from '../support/worlds/api.ts';
import { apiWorld } from '../support/worlds/api-world.ts';
import { staffRequests } from '../support/worlds/staff-requests.ts';

const on = await apiWorld({ workers: false });
const { world, api, staff, close } = on;
const { provider } = staffRequests(on);
afterAll(close);

test("a provider's key is kept encrypted and never shown", async () => {
  const id = await provider();
  const [row] = await world.sql`select key_cipher, profile, poll_seconds from providers where id = ${id}`;
  expect(open(world.masterKey, `provider:${id}`, row?.key_cipher as Buffer)).toBe('upstream-secret');
  expect(row).toMatchObject({ profile: { duplicateGuard: true }, poll_seconds: 5 });
  const listed = await api.v1('/v1/admin/providers', { key: staff });
  expect(JSON.stringify(listed.body)).not.toContain('upstream-secret');
  expect((listed.body.data as { id: number }[])[0]?.id).toBe(id);
});

test("a provider's address, key and callback secret are replaced, each by itself, and none is shown or kept in the audit log", async () => {
  const id = await provider();
  const change = (body: object) => api.v1(`/v1/admin/providers/${id}`, { key: staff, method: 'PATCH', body });
  const stored = async () => {
    const [row] = await world.sql`select url, key_cipher, callback_cipher from providers where id = ${id}`;
    const callback = row?.callback_cipher as Buffer | null;
    return {
      url: row?.url,
      key: open(world.masterKey, `provider:${id}`, row?.key_cipher as Buffer),
      callback: callback && open(world.masterKey, `callback:${id}`, callback),
    };
  };
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  expect((await change({ key: 'another-secret' })).body).toEqual({ id });
  expect(await stored()).toEqual({ url: 'http://127.0.0.1:9/api/v2', key: 'another-secret', callback: null });
  await change({ callbackSecret: secret, url: 'http://127.0.0.1:10/api/v2' });
  expect(await stored()).toEqual({ url: 'http://127.0.0.1:10/api/v2', key: 'another-secret', callback: secret });
  await change({ callbackSecret: null });
  expect(await stored()).toEqual({ url: 'http://127.0.0.1:10/api/v2', key: 'another-secret', callback: null });
  for (const refused of [{ key: '' }, { callbackSecret: 'short' }, { url: 'ftp://example.com' }]) {
    const { status, body } = await change(refused);
    expect([status, body.code]).toEqual([422, 'invalid_request']);
  }
  expect((await stored()).key).toBe('another-secret');
  const missing = await api.v1('/v1/admin/providers/999999', {
    key: staff,
    method: 'PATCH',
    body: { url: 'http://127.0.0.1:9/' },
  });
  expect(missing.status).toBe(404);
  const kept = JSON.stringify([
    (await api.v1(`/v1/admin/providers/${id}`, { key: staff })).body,
    await world.sql`select detail from audit`,
  ]);
  expect(kept).not.toMatch(/another-secret|whsec_/);
});

test('where loopback addresses are not allowed, a provider cannot be at one', async () => {
  const guarded = await serveApi({ ...world, allowLoopback: false });
  try {
    for (const url of [
      'http://127.0.0.1/api',
      'http://localhost/api',
      'http://[::1]/',
      'http://10.0.0.1/',
      'ftp://x/',
    ]) {
      const body = { name: 'inside', url, key: 'k', pollSeconds: 5 };
      const answer = await guarded.v1('/v1/admin/providers', { key: staff, body, idempotencyKey: url });
      expect([url, answer.status, answer.body.code]).toEqual([url, 422, 'invalid_request']);
    }
  } finally {
    await guarded.close();
  }
});
