import { allHandlersFinished, CancellationScope, condition } from '@temporalio/workflow';
import type { Acceptance } from '../../activities/placement/accept.ts';
import { Life } from '../../domain/order/life.ts';
import type { Step } from '../../domain/order/standing.ts';
import {
  acceptOrder,
  countTarget,
  decideAttempt,
  dispatch,
  endBatch,
  openBatches,
  settleOrder,
} from '../activities.ts';
import type { OrderInput, OrderResult } from '../contract.ts';
import { keepRefillable } from '../refill/refill.ts';
import { listen } from './handlers.ts';
import { orPark } from './parked.ts';
import { takeUpAgain } from './stale.ts';
import { stop } from './stops.ts';
import { OrderRun } from './view.ts';
import { pause, type Shown, show, shownBefore } from './wait-for-news.ts';
import { write } from './write.ts';

/** The life of one order, from placement to the end of its refill window. */
export async function order(input: OrderInput): Promise<OrderResult> {
  const run = new OrderRun(input.orderId);
  listen(run);
  // The Cancel button of the Temporal UI must not tear an order in half: it is read as the wish to cancel the order.
  return CancellationScope.nonCancellable(() =>
    live(run, input).catch((error: unknown) => takeUpAgain(run, input, error)),
  );
}

async function live(run: OrderRun, input: OrderInput): Promise<OrderResult> {
  // Validates and holds the price. What this decides is decided for all time; asked again it tells where the order stands.
  const shown = shownBefore();
  const { placement, plan } = await accept(run, shown);
  run.plan = plan;
  run.life = plan && new Life(plan.terms, { ...plan.standing, nextRunAt: plan.standing.nextRunAt ?? Date.now() });
  if (run.life !== undefined) run.life.isOld = plan?.rules !== 2;
  run.placement = placement;
  if (placement.kind !== 'order') return { placement: placement.kind };
  const life = run.life as Life;
  if (plan?.settled) life.end(plan.settled, life.reason);

  while (life.settled === null) {
    const step = life.next(Date.now());
    if (step.do === 'wait') await pause(run, input, shown, step);
    else
      await orPark(run, shown, step.do, () => (step.do === 'settle' ? settle(run, life, step) : take(run, life, step)));
  }
  await keepRefillable(run, input, shown);
  show(run, shown);
  await condition(() => allHandlersFinished() && run.stopsUnderWay === 0);
  const { status, delivered } = life.settled;
  return { placement: 'order', status, delivered };
}

async function accept(run: OrderRun, shown: Shown): Promise<Acceptance> {
  let accepted: Acceptance | undefined;
  const ask = async () => {
    accepted = await acceptOrder(run.orderId);
  };
  while (accepted === undefined) await orPark(run, shown, 'accept', ask);
  return accepted;
}

type Taken = Exclude<Step, { do: 'wait' | 'settle' }>;

/** Takes one step and tells the order's life what came of it. */
async function take(run: OrderRun, life: Life, step: Taken): Promise<void> {
  const { orderId } = run;
  const at = Date.now();
  switch (step.do) {
    case 'write': {
      const settled = await write(run, life);
      // An order that had ended before this workflow was reset has ended.
      return settled === null ? undefined : life.end(settled, life.reason);
    }
    case 'send': {
      const { batch } = step;
      const { number, attempt, quantity, resends } = batch;
      const nextRunAt = life.runsRemain ? life.nextRunAt : null;
      const summary = `send batch ${number}, attempt ${attempt}`;
      const send = { orderId, batch: number, attempt, quantity, resends, nextRunAt };
      const outcome = await dispatch.executeWithOptions({ summary }, [send]);
      return life.sendEnded(batch, outcome, Date.now());
    }
    case 'decide': {
      const { batch, decision } = step;
      const key = { orderId, batch: batch.number, attempt: batch.attempt };
      const { done, provider } = await decideAttempt({ key, decision, at });
      return life.uncertainDecided(batch, decision, done, provider, at);
    }
    case 'askStop':
      return stop(run, life, step.batches);
    case 'endBatch':
      await endBatch(orderId, step.batch.number, step.batch.delivered);
      return life.batchWritten(step.batch);
    case 'refresh': {
      const { open, deliveredByEnded } = await openBatches(orderId, step.finish);
      return life.refreshed(new Set(open.map(({ batch }) => batch)), deliveredByEnded, step.finish);
    }
    case 'count':
      return life.counted(await countTarget(orderId), Date.now());
  }
}

/** Resolves the escrow: charges for what was delivered and gives the rest back, in one transaction with the status. */
async function settle({ orderId }: OrderRun, life: Life, step: Extract<Step, { do: 'settle' }>): Promise<void> {
  const { status, delivered, reason, actor } = step;
  const ends = life.batches
    .filter(({ state }) => state === 'ended')
    .map(({ number, delivered: of }) => ({ batch: number, delivered: of }));
  const at = Date.now();
  life.settling = true;
  try {
    const settled = await settleOrder.executeWithOptions({ summary: `settle as ${status}` }, [
      { orderId, status, delivered, reason, actor, at, ends, decided: life.decided !== null },
    ]);
    life.end(settled, reason);
  } finally {
    // If it could not be written the order has not ended, and hears what people and providers say.
    life.settling = false;
  }
}
