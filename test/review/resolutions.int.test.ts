import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStaffKey } from '../../db/account/accounts.ts';
import { RESOLUTIONS } from '../../domain/review/resolution.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

describe('a decision of staff', () => {
  let world: World;
  let api: ServedApi;
  let staff: string;

  beforeAll(async () => {
    world = await realWorld();
    api = await serveApi(world);
    ({ key: staff } = await createStaffKey(world.sql));
  });
  afterAll(async () => {
    await api.close();
    await world.close();
  });

  /** Decides about an order that does not exist: by then, the body has been read. */
  const decide = async (body: unknown) => {
    const { status, body: said } = await api.v1('/v1/admin/orders/999999999/resolve', { key: staff, body });
    return { status, code: said.code, errors: said.errors };
  };

  it.each([
    { action: 'extend', hours: 24 },
    { action: 'extend', hours: 0.5, reason: 'slow today' },
    { action: 'extend', hours: 8760 },
    { action: 'complete' },
    { action: 'complete', reason: '' },
    { action: 'partial', delivered: 0 },
    { action: 'cancel' },
    { action: 'cancel', batch: 3 },
    { action: 'redispatch', reason: 'nothing comes' },
    { action: 'attach', providerOrder: 'a-1_b' },
    { action: 'attach', providerOrder: 23_502, batch: 3 },
    { action: 'notPlaced' },
    { action: 'notPlaced', batch: 3 },
  ])('like %j is read', async (body) => {
    expect(await decide(body)).toMatchObject({ status: 404, code: 'order_not_found' });
  });

  it.each([
    [{ action: 'extend' }, 'hours'],
    [{ action: 'extend', hours: 0 }, 'hours'],
    [{ action: 'extend', hours: 8761 }, 'hours'],
    [{ action: 'extend', hours: '24' }, 'hours'],
    [{ action: 'partial' }, 'delivered'],
    [{ action: 'partial', delivered: -1 }, 'delivered'],
    [{ action: 'partial', delivered: 1.5 }, 'delivered'],
    [{ action: 'attach' }, 'providerOrder'],
    [{ action: 'attach', providerOrder: '' }, 'providerOrder'],
    [{ action: 'attach', providerOrder: '23 502' }, 'providerOrder'],
    [{ action: 'notPlaced', batch: 0 }, 'batch'],
    [{ action: 'cancel', batch: 'all' }, 'batch'],
    [{ action: 'refund' }, 'action'],
    [{ hours: 24 }, 'action'],
  ])('like %j is refused because of its %s', async (body, path) => {
    const errors = [{ path, message: expect.any(String) }];
    expect(await decide(body)).toEqual({ status: 422, code: 'invalid_request', errors });
  });

  it('that does not say what to do is told what there is', async () => {
    const { errors } = await decide({ action: 'refund' });
    expect(errors).toEqual([{ path: 'action', message: `must be one of ${RESOLUTIONS.join(', ')}` }]);
  });

  it.each([
    [{ action: 'complete', delivered: 600 }, 'delivered'],
    [{ action: 'complete', batch: 3 }, 'batch'],
    [{ action: 'partial', delivered: 600, hours: 1 }, 'hours'],
    [{ action: 'cancel', delivered: 600 }, 'delivered'],
    [{ action: 'redispatch', batch: 3 }, 'batch'],
    [{ action: 'notPlaced', providerOrder: '23502' }, 'providerOrder'],
  ])('like %j is refused, for another action takes %s', async (body, field) => {
    const errors = [{ path: '', message: expect.stringContaining(`"${field}"`) }];
    expect(await decide(body)).toEqual({ status: 422, code: 'invalid_request', errors });
  });

  it.each([[], 7, null])('like %j is none', async (body) => {
    expect(await decide(body)).toMatchObject({ status: 422, code: 'invalid_request' });
  });

  it('is described by action: which fields each takes, and which it needs', async () => {
    const { body } = await api.v1('/openapi.json');
    const { schemas } = body.components as { schemas: Record<string, object> };
    const { discriminator, oneOf } = schemas.Resolution as {
      discriminator: { propertyName: string; mapping: Record<string, string> };
      oneOf: object[];
    };
    const shapes = Object.entries(discriminator.mapping).map(([action, reference]) => {
      const { properties, required } = schemas[reference.split('/').at(-1) ?? ''] as {
        properties: object;
        required: string[];
      };
      return [action, Object.keys(properties), required];
    });
    expect(discriminator.propertyName).toBe('action');
    expect(Object.keys(discriminator.mapping)).toEqual([...RESOLUTIONS]);
    expect(oneOf).toEqual(Object.values(discriminator.mapping).map((reference) => ({ $ref: reference })));
    expect(shapes).toEqual([
      ['extend', ['action', 'hours', 'reason'], ['action', 'hours']],
      ['complete', ['action', 'reason'], ['action']],
      ['partial', ['action', 'delivered', 'reason'], ['action', 'delivered']],
      ['cancel', ['action', 'batch', 'reason'], ['action']],
      ['redispatch', ['action', 'reason'], ['action']],
      ['attach', ['action', 'providerOrder', 'batch', 'reason'], ['action', 'providerOrder']],
      ['notPlaced', ['action', 'batch', 'reason'], ['action']],
    ]);
  });
});
