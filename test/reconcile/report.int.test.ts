import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureOutbox } from '../../activities/webhook/ensure-outbox.ts';
import { FINDING_KINDS } from '../../db/reconcile/reconciliation.ts';
import { reconcile, reconcilingWorld } from '../support/worlds/reconciling.ts';

const { world, api, staff, close } = await reconcilingWorld();

beforeAll(() => ensureOutbox(world.temporal));
afterAll(close);

const figure = async (name: string) => {
  const metrics = await (await fetch(api.metricsUrl)).text();
  return new RegExp(`\n${name} (\\S+)\n`).exec(metrics)?.[1];
};

it('its report is read by staff, and its figures are in the metrics, NaN before the first run', async () => {
  const report = () => api.v1('/v1/admin/reconcile', { key: staff });
  expect((await report()).body).toMatchObject({ at: null, tookMs: null, findings: [] });
  expect(await figure('holdfast_reconcile_age_seconds')).toBe('Nan');
  expect(await figure('holdfast_reconcile_findings\\{kind="order_lost"\\}')).toBe('Nan');
  await reconcile(world);
  expect((await report()).body).toEqual({
    at: expect.any(String),
    tookMs: expect.any(Number),
    sweptAt: expect.any(String),
    looked: { orders: 0, workflows: 0, providers: 0 },
    findings: FINDING_KINDS.map((kind) => ({ kind, found: 0, repaired: 0 })),
    failed: [],
  });
  expect(Number(await figure('holdfast_reconcile_age_seconds'))).toBeLessThan(60);
  expect(await figure('holdfast_reconcile_findings\\{kind="order_lost"\\}')).toBe('0');
  expect(await figure('holdfast_reconcile_failed_parts')).toBe('0');
});
