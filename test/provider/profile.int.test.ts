import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStaffKey } from '../../db/account/accounts.ts';
import { readProvider } from '../../db/delivery/batches.ts';
import { readProfile, USUAL_LISTING } from '../../domain/provider/profile.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

describe("a provider's profile", () => {
  let world: World;
  let api: ServedApi;
  let staff: string;
  let providers = 0;

  beforeAll(async () => {
    world = await realWorld();
    api = await serveApi(world);
    ({ key: staff } = await createStaffKey(world.sql, { name: 'buyer' }));
  });
  afterAll(async () => {
    await api.close();
    await world.close();
  });

  const add = (profile: object) => {
    providers += 1;
    const panel = { name: `panel ${providers}`, url: 'http://127.0.0.1:9/api/v2', key: 'k' };
    return api.v1('/v1/admin/providers', {
      key: staff,
      idempotencyKey: `provider ${providers}`,
      body: { ...panel, ...profile },
    });
  };
  const change = (id: unknown, to: object) =>
    api.v1(`/v1/admin/providers/${id}`, { key: staff, method: 'PATCH', body: to });
  const shown = async (id: unknown) => {
    const { body } = await api.v1('/v1/admin/providers?limit=100', { key: staff });
    return (body.data as { id: number }[]).find((one) => one.id === id);
  };
  const profileOf = async (id: unknown) => readProfile((await readProvider(world.sql, id as number)).profile);

  it('is as usual where nothing is said', async () => {
    const { status, body } = await add({});
    expect(status).toBe(201);
    expect(await profileOf(body.id)).toEqual({
      definiteErrors: [],
      throttleStatuses: [429],
      listsOrders: null,
      duplicateGuard: false,
      breakAfter: 3,
      maxParallelSends: 20,
      statusWords: {},
      lists: null,
      allowPlainHttp: false,
    });
    expect((await readProvider(world.sql, body.id as number)).profile).toEqual({});
  });

  it('is what staff say, and the rest of a list as usual', async () => {
    const said = {
      statusWords: { Selesai: 'Completed' },
      lists: false,
      definiteErrors: [{ text: 'No slots', means: 'wait' }],
      throttleStatuses: [429, 503],
      duplicateGuard: true,
      breakAfter: 5,
      maxParallelSends: 2,
      allowPlainHttp: true,
    };
    const { status, body } = await add({ ...said, listsOrders: { authoritative: true } });
    expect(status).toBe(201);
    expect(await profileOf(body.id)).toEqual({
      ...readProfile({}),
      ...said,
      listsOrders: { ...USUAL_LISTING, authoritative: true },
    });
  });

  it('is shown as it is gone by', async () => {
    const { body } = await add({ listsOrders: { graceSeconds: 60 } });
    expect(await shown(body.id)).toMatchObject({
      definiteErrors: [],
      throttleStatuses: [429],
      listsOrders: { ...USUAL_LISTING, graceSeconds: 60 },
      duplicateGuard: false,
      breakAfter: 3,
      maxParallelSends: 20,
    });
  });

  it('is changed field by field, back to the usual too, and the change is written down', async () => {
    const { body } = await add({
      lowBalance: '5',
      throttleStatuses: [503],
      duplicateGuard: true,
      allowPlainHttp: true,
    });
    const definiteErrors = [{ text: 'No slots', means: 'wait' }];
    expect((await change(body.id, { definiteErrors, listsOrders: { authoritative: true } })).status).toBe(200);
    const listsOrders = { ...USUAL_LISTING, authoritative: true };
    const sends = { breakAfter: 1, maxParallelSends: 500, allowPlainHttp: true };
    expect((await change(body.id, sends)).status).toBe(200);
    const rest = { throttleStatuses: [503], duplicateGuard: true, statusWords: {}, lists: null, ...sends };
    expect(await shown(body.id)).toMatchObject({ definiteErrors, listsOrders, lowBalance: '5', ...rest });
    expect(await profileOf(body.id)).toEqual({ definiteErrors, listsOrders, ...rest });

    const fields = { definiteErrors: null, throttleStatuses: null, listsOrders: null, duplicateGuard: null };
    const usual = { ...fields, breakAfter: null, maxParallelSends: null, allowPlainHttp: null };
    expect((await change(body.id, usual)).status).toBe(200);
    expect(await profileOf(body.id)).toEqual(readProfile({}));
    expect(await shown(body.id)).toMatchObject({ lowBalance: '5', throttleStatuses: [429], listsOrders: null });

    const log = await api.v1(`/v1/admin/audit?subject=providers/${body.id}`, { key: staff });
    expect(log.body.data).toMatchObject([
      { action: 'PATCH /v1/admin/providers/:id', detail: usual },
      { action: 'PATCH /v1/admin/providers/:id', detail: sends },
      { action: 'PATCH /v1/admin/providers/:id', detail: { definiteErrors, listsOrders } },
    ]);
  });

  it.each([
    ['definiteErrors', [{ text: '', means: 'refused' }]],
    ['definiteErrors', [{ text: 'x', means: 'refund' }]],
    ['throttleStatuses', [200]],
    ['listsOrders', { action: 'drop table' }],
    ['listsOrders', { looksAfterSeconds: [] }],
    ['listsOrders', { graceSeconds: 0 }],
    ['listsOrders', { pages: 3 }],
    ['duplicateGuard', 'yes'],
    ['breakAfter', 0],
    ['breakAfter', 101],
    ['maxParallelSends', 0],
    ['maxParallelSends', 501],
    ['maxParallelSends', '20'],
    ['statusWords', { Selesai: 'Done' }],
    ['statusWords', { '!': 'Completed' }],
    ['lists', 'no'],
  ])('with a %s like %j is refused', async (field, value) => {
    const { status, body } = await add({ [field]: value });
    expect([status, body.code]).toEqual([422, 'invalid_request']);
    const { body: made } = await add({});
    const changed = await change(made.id, { [field]: value });
    expect([changed.status, changed.body.code]).toEqual([422, 'invalid_request']);
    expect(await profileOf(made.id)).toEqual(readProfile({}));
  });

  it.each(['duplicateGard', 'listOrders', 'throttlestatuses', 'contact', 'paused'])(
    'with a field %s, which nobody knows, is refused by that name, for a new provider and for one that is there',
    async (field) => {
      const refused = {
        code: 'invalid_request',
        errors: [{ path: '', message: expect.stringContaining(`"${field}"`) }],
      };
      const { body: before } = await api.v1('/v1/admin/providers', { key: staff });
      expect(await add({ duplicateGuard: true, [field]: true })).toMatchObject({ status: 422, body: refused });
      expect((await api.v1('/v1/admin/providers', { key: staff })).body).toEqual(before);
      const { body: made } = await add({});
      expect(await change(made.id, { duplicateGuard: true, [field]: true })).toMatchObject({
        status: 422,
        body: refused,
      });
      expect(await profileOf(made.id)).toEqual(readProfile({}));
    },
  );

  it('is not changed of a provider that is not there', async () => {
    expect((await change(999_999, { duplicateGuard: true })).body.code).toBe('not_found');
  });
});
