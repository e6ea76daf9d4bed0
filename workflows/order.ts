import {
  CancellationScope,
  condition,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setDefaultSignalHandler,
  setHandler,
  sleep,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { createDispatchActivities } from '../activities/dispatch.ts';
import type { createPlaceActivities } from '../activities/place.ts';
import type { createSettleActivities } from '../activities/settle.ts';
import type { DispatchOutcome } from '../domain/dispatch.ts';
import type { Attention } from '../domain/order.ts';
import { details } from './details.ts';
import { type BatchLife, OrderLife } from './life.ts';
import {
  type OrderInput,
  type OrderResult,
  orderQuery,
  type Placement,
  placeUpdate,
  reportSignal,
  searchAttributes,
} from './messages.ts';

/** Steps that are one short transaction run in the workflow task itself: one event, and no queue in between. */
const { acceptOrder, settleOrder, needAttention } = proxyLocalActivities<
  ReturnType<typeof createPlaceActivities> & ReturnType<typeof createSettleActivities>
>({
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '20 seconds' },
});

/** Sending has an outcome that must be known: it is tried until there is one, and each attempt is sent at most once. */
const { dispatch } = proxyActivities<ReturnType<typeof createDispatchActivities>>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

/** The life of one order, from placement to its end. */
export async function order({ orderId }: OrderInput): Promise<OrderResult> {
  const life = new OrderLife(orderId);
  listen(life);
  // The Cancel button of the Temporal UI must not tear an order in half.
  return CancellationScope.nonCancellable(() => live(life));
}

async function live(life: OrderLife): Promise<OrderResult> {
  const placement = await place(life);
  if (placement.kind !== 'order') return { placement: placement.kind };
  const before = life.plan?.settled;
  if (before) {
    life.end(before.status, before.delivered);
    return { placement: 'order', ...before };
  }
  for (const batch of life.batches) await deliver(life, batch);
  return settle(life);
}

/** Handlers are set before anything is awaited, and never throw: one that did would stop the order for ever. */
function listen(life: OrderLife): void {
  setHandler(orderQuery, () => life.view(), { description: 'The order as its workflow knows it' });
  setHandler(
    placeUpdate,
    async ({ fingerprint }): Promise<Placement> => {
      await condition(() => life.placement !== undefined);
      const placed = life.plan?.fingerprint;
      if (placed !== undefined && placed !== fingerprint) return { kind: 'refused', code: 'idempotency_key_reused' };
      return life.placement ?? { kind: 'withdrawn' };
    },
    { description: 'Sent by the API: waits until the order is accepted or refused' },
  );
  setHandler(reportSignal, (message) => void life.batch(message?.batch)?.take(message), {
    description: "Sent by the watch: a provider's word about a batch",
  });
  setDefaultSignalHandler((name) => {
    life.note(Date.now(), `an unknown signal was ignored: ${name.slice(0, 40)}`);
    show(life);
  });
}

/** Validates and holds the price; what it decides is decided for all time. */
async function place(life: OrderLife): Promise<Placement> {
  const { placement, plan } = await acceptOrder(life.orderId);
  life.begin(placement, plan, Date.now());
  show(life);
  return placement;
}

/** Sends one batch and follows it until what was delivered is known. */
async function deliver(life: OrderLife, batch: BatchLife): Promise<void> {
  if (!(await send(life, batch))) {
    batch.delivered = 0;
    life.reason = 'refused';
    return;
  }
  batch.delivered = await watchToTheEnd(life, batch);
}

/** Makes attempts until a provider accepts; false when no route is left. */
async function send(life: OrderLife, batch: BatchLife): Promise<boolean> {
  for (;;) {
    batch.attempts += 1;
    const { orderId } = life;
    const outcome: DispatchOutcome = await dispatch.executeWithOptions(
      { summary: `send batch ${batch.batch}, attempt ${batch.attempts}` },
      [{ orderId, batch: batch.batch, attempt: batch.attempts }],
    );
    switch (outcome.kind) {
      case 'accepted':
        batch.accepted(outcome);
        life.status = 'In progress';
        life.note(Date.now(), `accepted as ${outcome.providerOrder} by provider ${outcome.provider}`);
        upsertSearchAttributes([
          { key: searchAttributes.orderStatus, value: life.status },
          { key: searchAttributes.providerId, value: String(outcome.provider) },
        ]);
        show(life);
        return true;
      case 'refused':
        life.note(Date.now(), `refused by provider ${outcome.provider}: ${outcome.error}`);
        break;
      case 'wait':
        life.note(Date.now(), `provider ${outcome.provider} cannot take it now: ${outcome.error}`);
        show(life);
        await sleep(outcome.seconds * 1_000, { summary: 'wait, then try the provider again' });
        break;
      case 'exhausted':
        life.note(Date.now(), 'no provider takes the order');
        return false;
      case 'unknown':
        life.note(Date.now(), `not known whether provider ${outcome.provider} has it: ${outcome.detail}`);
        batch.uncertain = true;
        await raise(life, 'uncertain', outcome.detail);
        await condition(() => !batch.uncertain);
        break;
    }
  }
}

/** Waits for the provider's last word; what lasts too long or contradicts itself is shown to a person. */
async function watchToTheEnd(life: OrderLife, batch: BatchLife): Promise<number> {
  const spoken = () => batch.verdict.kind !== 'running';
  const cap = (batch.acceptedAt ?? Date.now()) + (life.plan?.reviewAfterSeconds ?? 0) * 1_000 - Date.now();
  const inTime = await condition(spoken, Math.max(cap, 1), { summary: 'cap on the time In progress' });
  if (!inTime) {
    await raise(life, 'review', 'In progress for too long');
    await condition(spoken);
  }
  for (;;) {
    const { verdict, reportVersion } = batch;
    if (verdict.kind === 'ended') {
      if (verdict.delivered < batch.quantity) life.reason = 'unknown';
      return verdict.delivered;
    }
    if (verdict.kind === 'conflict') await raise(life, 'conflict', verdict.why);
    await condition(() => batch.reportVersion !== reportVersion);
  }
}

/** Resolves the escrow: charges for what was delivered and gives the rest back, in one transaction with the status. */
async function settle(life: OrderLife): Promise<OrderResult> {
  const { status, delivered } = life.outcome();
  const reason = status === 'Completed' ? null : (life.reason ?? 'unknown');
  await settleOrder.executeWithOptions({ summary: `settle as ${status}` }, [
    {
      orderId: life.orderId,
      status,
      delivered,
      reason,
      actor: 'provider',
      at: Date.now(),
      batches: life.batches.map((batch) => ({ batch: batch.batch, delivered: batch.delivered ?? 0 })),
    },
  ]);
  life.reason = reason;
  life.end(status, delivered);
  life.note(Date.now(), `ended ${status}, ${delivered} delivered`);
  upsertSearchAttributes([
    { key: searchAttributes.orderStatus, value: status },
    { key: searchAttributes.attention, value: 'none' },
  ]);
  show(life);
  return { placement: 'order', status, delivered };
}

/** Calls for a person: in the order, in the Temporal UI's filters and in the details. */
async function raise(life: OrderLife, attention: Attention, why: string): Promise<void> {
  const before = life.attention;
  life.raise(attention);
  if (life.attention === before) return;
  await needAttention({ orderId: life.orderId, attention: life.attention, actor: 'system', at: Date.now(), why });
  life.note(Date.now(), `${attention}: ${why}`);
  upsertSearchAttributes([{ key: searchAttributes.attention, value: life.attention }]);
  show(life);
}

const show = (life: OrderLife): void => setCurrentDetails(details(life.view()));
