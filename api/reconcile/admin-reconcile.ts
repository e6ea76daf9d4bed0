import { z } from '@hono/zod-openapi';
import { FINDING_KINDS, readLastRun } from '../../db/reconcile/reconciliation.ts';
import { reading } from '../limits/reads.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, timeOf } from '../v1/schemas.ts';

const finding = z.object({
  kind: z.enum(FINDING_KINDS),
  found: z.int(),
  repaired: z.int().openapi({ description: 'How many of them were repaired at once' }),
});

const report = z
  .object({
    at: z.iso.datetime().nullable().openapi({ description: 'When the last run began; null before the first' }),
    tookMs: z.int().nullable(),
    sweptAt: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'When the last pass over all orders that have not ended was complete' }),
    looked: z.object({
      orders: z.int().openapi({ description: 'Orders that must have a running workflow' }),
      workflows: z.int().openapi({ description: 'Running workflows of orders' }),
      providers: z.int().openapi({ description: 'Providers with running batches' }),
    }),
    findings: z.array(finding).readonly(),
    failed: z.array(z.string()).readonly().openapi({ description: 'Parts of the run that failed' }),
  })
  .openapi('Reconciliation');

const NONE = { looked: { orders: 0, workflows: 0, providers: 0 }, findings: [], failed: [] };

const read = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/reconcile',
    scope: 'admin',
    tags: ['staff'],
    summary: "The reconciler's last report: PostgreSQL compared with Temporal",
    description: 'The reconciler runs every minute. A finding that it cannot repair is an alert.',
    responses: answersWith(200, 'The report of the last run', report),
  },
  async (c, deps) => {
    const last = await reading(deps, c, (sql) => readLastRun(sql));
    const { looked, findings, failed } = last?.report ?? NONE;
    return c.json(
      {
        at: timeOf(last?.at ?? null),
        tookMs: last?.tookMs ?? null,
        sweptAt: timeOf(last?.sweptAt ?? null),
        looked,
        findings,
        failed,
      },
      200,
    );
  },
);

export const adminReconcileRoutes = [read];
