import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStaffKey } from '../../db/accounts.ts';
import { readProvider } from '../../db/batches.ts';
import { readProfile, USUAL_LISTING } from '../../domain/provider-profile.ts';
import { type ServedApi, serveApi } from '../setup/api.ts';
import { realWorld, type World } from '../setup/world.ts';

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
  const profileOf = async (id: unknown) => readProfile((await readProvider(world.sql, id as number)).profile);

  it('is as usual where nothing is said, and keeps what else staff note down', async () => {
    const { status, body } = await add({ contact: 'ask for Sam' });
    expect(status).toBe(201);
    expect(await profileOf(body.id)).toEqual({
      definiteErrors: [],
      throttleStatuses: [429],
      listsOrders: null,
      duplicateGuard: false,
    });
    expect((await readProvider(world.sql, body.id as number)).profile).toEqual({ contact: 'ask for Sam' });
  });

  it('is what staff say, and the rest of a list as usual', async () => {
    const said = {
      definiteErrors: [{ text: 'No slots', means: 'wait' }],
      throttleStatuses: [429, 503],
      duplicateGuard: true,
    };
    const { status, body } = await add({ ...said, listsOrders: { authoritative: true } });
    expect(status).toBe(201);
    expect(await profileOf(body.id)).toEqual({ ...said, listsOrders: { ...USUAL_LISTING, authoritative: true } });
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
  ])('with a %s like %j is refused', async (field, value) => {
    const { status, body } = await add({ [field]: value });
    expect([status, body.code]).toEqual([422, 'invalid_request']);
  });
});
