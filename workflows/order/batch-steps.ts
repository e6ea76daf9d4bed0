import { setCurrentDetails } from '@temporalio/workflow';
import {
  applySendBegun,
  applyStopAnswer,
  applyStopsBegun,
  type BatchNews,
  type BatchStep,
} from '../../domain/order/apply-batch.ts';
import type { Batch, Decision } from '../../domain/order/batch.ts';
import { type OrderState, runsRemain } from '../../domain/order/state.ts';
import { askStop, askStops, decideAttempt, dispatch, endBatch } from '../activities.ts';
import { details } from './details.ts';
import { type OrderRun, workflowView } from './view.ts';

/** Takes a step about a batch of an order or a refill. Returns what happened; undefined when the caller has nothing to apply. */
export async function takeBatchStep(run: OrderRun, state: OrderState, step: BatchStep): Promise<BatchNews | undefined> {
  switch (step.do) {
    case 'send':
      return send(run, state, step.batch);
    case 'decide':
      return writeDecision(run, step.batch, step.decision);
    case 'endBatch':
      await endBatch(run.orderId, step.batch.number, step.batch.delivered);
      return { kind: 'endWritten', batch: step.batch };
    case 'askStop':
      await stop(run, state, step.batches);
      return undefined;
  }
}

async function send({ orderId }: OrderRun, state: OrderState, batch: Batch): Promise<BatchNews> {
  const { number, attempt, quantity, resends } = batch;
  const isRefill = state.window !== null;
  const nextRunAt = !isRefill && runsRemain(state) ? state.nextRunAt : null;
  const what = isRefill ? 'send what is missing again: batch' : 'send batch';
  applySendBegun(state, batch);
  const outcome = await dispatch.executeWithOptions({ summary: `${what} ${number}, attempt ${attempt}` }, [
    { orderId, batch: number, attempt, quantity, resends, nextRunAt },
  ]);
  return { kind: 'sent', batch, outcome, at: Date.now() };
}

async function writeDecision({ orderId }: OrderRun, batch: Batch, decision: Decision): Promise<BatchNews> {
  const at = Date.now();
  const key = { orderId, batch: batch.number, attempt: batch.attempt };
  const { done, provider } = await decideAttempt({ key, decision, at });
  return { kind: 'decided', batch, decision, done, provider, at };
}

/**
 * Asks the providers to stop batches. The order does not wait for the answers: the activity stores them, and this workflow shows
 * them. If this workflow is lost before it has asked, the order's next workflow asks; once the order has ended, the watch asks.
 */
async function stop(run: OrderRun, state: OrderState, batches: readonly Batch[]): Promise<void> {
  const [first] = batches;
  if (state.isOld && first !== undefined) return stopOneAndWait(run, state, first);
  applyStopsBegun(batches);
  run.stopsUnderWay += 1;
  void stopBeside(run, state, batches);
}

async function stopBeside(run: OrderRun, state: OrderState, batches: readonly Batch[]): Promise<void> {
  const { orderId } = run;
  const at = Date.now();
  const input = { orderId, batches: batches.map(({ number }) => number), at };
  const said = await askStops(input).catch(() => []);
  for (const batch of batches) {
    const { answer, at: saidAt } = said.find((one) => one.batch === batch.number) ?? { answer: 'unclear', at };
    applyStopAnswer(state, batch, { answer, at: saidAt });
  }
  run.stopsUnderWay -= 1;
  // Updates the details without waking the order: setting its timer again would cost events.
  setCurrentDetails(details(workflowView(run)));
}

/** For histories from before stops ran beside other steps. */
async function stopOneAndWait({ orderId }: OrderRun, state: OrderState, batch: Batch): Promise<void> {
  // A provider that cannot be reached must not hold up the order. A repeated cancel asks it again.
  const answer = await askStop({ orderId, batch: batch.number }).catch(() => 'unclear' as const);
  applyStopAnswer(state, batch, { answer, at: Date.now() });
}
