import { allHandlersFinished, CancellationScope, condition } from '@temporalio/workflow';
import type { Acceptance, OrderPlan } from '../../activities/placement/accept.ts';
import { applyBatchNews } from '../../domain/order/apply-send.ts';
import { applyRefreshed, applySettled, applyTargetCounted } from '../../domain/order/apply-settlement.ts';
import { applyStateStep, applyWaitBegun, isStateStep, type StateStep } from '../../domain/order/apply-step.ts';
import { decide, type Step } from '../../domain/order/decide.ts';
import { restoreOrder } from '../../domain/order/snapshot.ts';
import { type OrderState, reasonOf } from '../../domain/order/state.ts';
import { acceptOrder, countTarget, openBatches, settleOrder } from '../activities.ts';
import type { OrderInput, OrderResult } from '../contract.ts';
import { keepRefillable } from '../refill/refill.ts';
import { takeBatchStep } from './batch-steps.ts';
import { setHandlers } from './handlers.ts';
import { orPark } from './parked.ts';
import { takeUpAgain } from './stale.ts';
import { OrderRun } from './view.ts';
import { type Shown, show, shownBefore, waitForNews } from './wait-for-news.ts';
import { write } from './write.ts';

/** One order, from placement to the end of its refill window. */
export async function order(input: OrderInput): Promise<OrderResult> {
  const run = new OrderRun(input.orderId);
  setHandlers(run);
  // The Cancel button of the Temporal UI must not interrupt a step midway: a handler reads it as a request to cancel the order.
  return CancellationScope.nonCancellable(() =>
    live(run, input).catch((error: unknown) => takeUpAgain(run, input, error)),
  );
}

async function live(run: OrderRun, input: OrderInput): Promise<OrderResult> {
  const shown = shownBefore();
  // Validates the claim and holds the price. A claim is decided once: called again, this returns the order's present state.
  const { placement, plan } = await accept(run, input, shown);
  run.plan = plan;
  run.state = plan && takeUp(plan, input);
  run.placement = placement;
  if (placement.kind !== 'order') return { placement: placement.kind };
  const { state } = run;
  if (state === undefined) throw new Error('an accepted order has no plan');

  while (state.settled === null) {
    const now = Date.now();
    const step = decide(state, now);
    if (isStateStep(step)) applyStateStep(state, step, now);
    else if (step.do !== 'wait') await orPark(run, input, shown, step.do, () => take(run, state, step));
    else {
      applyWaitBegun(state);
      await waitForNews(run, input, shown, step);
    }
  }
  await keepRefillable(run, state, input, shown);
  show(run, shown);
  await condition(() => allHandlersFinished() && run.stopsUnderWay === 0);
  const { status, delivered } = state.settled;
  return { placement: 'order', status, delivered };
}

async function accept(run: OrderRun, input: OrderInput, shown: Shown): Promise<Acceptance> {
  for (;;) {
    const acceptance = await orPark(run, input, shown, 'accept', () => acceptOrder(run.orderId));
    if (acceptance !== undefined) return acceptance;
  }
}

/** Restores the state from PostgreSQL: of a new order, or of one that an earlier workflow has left. */
function takeUp({ terms, standing, rules, settled }: OrderPlan, { decided = null }: OrderInput): OrderState {
  const state = restoreOrder(terms, { ...standing, nextRunAt: standing.nextRunAt ?? Date.now() });
  state.isOld = rules !== 2;
  state.decided = decided;
  if (settled) applySettled(state, settled, reasonOf(state));
  return state;
}

/** Takes one step and applies its result. */
async function take(run: OrderRun, state: OrderState, step: Exclude<Step, StateStep | { do: 'wait' }>): Promise<void> {
  const { orderId } = run;
  switch (step.do) {
    case 'send':
    case 'decide':
    case 'endBatch':
    case 'askStop': {
      const news = await takeBatchStep(run, state, step);
      return news && applyBatchNews(state, news);
    }
    case 'write': {
      const settled = await write(run, state);
      // The order had ended before this workflow was reset.
      return settled === null ? undefined : applySettled(state, settled, reasonOf(state));
    }
    case 'refresh': {
      const { open, deliveredByEnded } = await openBatches(orderId, step.finish);
      return applyRefreshed(state, new Set(open.map(({ batch }) => batch)), deliveredByEnded, step.finish);
    }
    case 'count':
      return applyTargetCounted(state, await countTarget(orderId), Date.now());
    case 'settle':
      return settle(run, state, step);
  }
}

/** Settles the escrow: charges for what was delivered and refunds the rest, in one transaction with the status. */
async function settle({ orderId }: OrderRun, state: OrderState, step: Extract<Step, { do: 'settle' }>): Promise<void> {
  const { status, delivered, reason, actor } = step;
  const ends = state.batches
    .filter((batch) => batch.state === 'ended')
    .map(({ number, delivered: of }) => ({ batch: number, delivered: of }));
  const at = Date.now();
  state.settling = true;
  try {
    const settled = await settleOrder.executeWithOptions({ summary: `settle as ${status}` }, [
      { orderId, status, delivered, reason, actor, at, ends, decided: state.decided !== null },
    ]);
    applySettled(state, settled, reason);
  } finally {
    // If the settlement was not written, the order has not ended and takes messages again.
    state.settling = false;
  }
}
