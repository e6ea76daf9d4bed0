import { raiseAlert, resolveAlert } from '../../db/reconcile/alerts.ts';
import { lateDeliveries, unservedEndpoints } from '../../db/webhook/deliveries.ts';
import { deliveryWorkflowId, OUTBOX_WORKFLOW_ID } from '../../workflows/contract.ts';
import type { Deps } from '../runtime/deps.ts';
import { inParallel } from '../runtime/parallel.ts';
import { ensureOutbox } from '../webhook/ensure-outbox.ts';
import { startDelivery } from '../webhook/start-delivery.ts';
import { endingOf, notListed } from './presence.ts';
import type { Run } from './run.ts';

const DELIVERIES = 1_000;
const PARALLEL = 10;
/**
 * A healthy worker makes an attempt within seconds of its time. One that is later than this has no worker, or its receiver has no
 * room.
 */
const LATE_SECONDS = 300;

const BEHIND = { kind: 'events_behind', subject: 'outbox' } as const;

type FindDeps = Pick<Deps, 'sql' | 'temporal' | 'log'>;

/** First attempts: the outbox must run, and must not be behind with any webhook. */
export async function findLostOutbox({ sql, temporal, log }: FindDeps, run: Run): Promise<void> {
  if ((await endingOf(temporal, OUTBOX_WORKFLOW_ID)) !== undefined) {
    await ensureOutbox(temporal);
    run.found('outbox_lost', true);
  }
  const { length } = await unservedEndpoints(sql, LATE_SECONDS);
  if (length === 0) return resolveAlert(sql, BEHIND);
  run.found('events_behind', false, length);
  const detail = `${length} webhooks have events overdue by more than ${LATE_SECONDS / 60} minutes: check that a worker is running`;
  if (await raiseAlert(sql, { ...BEHIND, detail })) log.error({ webhooks: length }, 'the outbox is behind');
}

/** Further attempts: each delivery has a workflow of its own for them. */
export async function findLostDeliveries({ sql, temporal }: FindDeps, run: Run): Promise<void> {
  const late = await lateDeliveries(sql, LATE_SECONDS, DELIVERIES);
  const absent = new Set(await notListed(temporal, late.map(deliveryWorkflowId)));
  const close = late.filter((round) => absent.has(deliveryWorkflowId(round)));
  await inParallel(close, PARALLEL, async (round) => {
    if ((await endingOf(temporal, deliveryWorkflowId(round))) === undefined) return;
    await startDelivery(temporal, { ...round, retryAfter: 0 }, 'ALLOW_DUPLICATE');
    run.found('delivery_lost', true);
  });
}
