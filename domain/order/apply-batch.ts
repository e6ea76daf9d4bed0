import type { DispatchOutcome } from '../dispatch/outcome.ts';
import { type Batch, type Decision, endBatch, type StopSaid } from './batch.ts';
import { capFrom, type OrderState } from './state.ts';
import { recordEvent, showEvent } from './timeline.ts';

/** What can be to do about a batch, whether it is a run of an order or what a refill sends again. */
export type BatchStep =
  | { readonly do: 'send'; readonly batch: Batch }
  | { readonly do: 'decide'; readonly batch: Batch; readonly decision: Decision }
  /** The providers are asked beside everything else: nothing waits for the answers. */
  | { readonly do: 'askStop'; readonly batches: readonly Batch[] }
  | { readonly do: 'endBatch'; readonly batch: Batch };

/** What happened in such a step. */
export type BatchNews =
  | { readonly kind: 'sent'; readonly batch: Batch; readonly outcome: DispatchOutcome; readonly at: number }
  /** The decision was written; not `done`: that order of the provider is another batch's, and nothing has changed. */
  | {
      readonly kind: 'decided';
      readonly batch: Batch;
      readonly decision: Decision;
      readonly done: boolean;
      readonly provider: number | null;
      readonly at: number;
    }
  | { readonly kind: 'endWritten'; readonly batch: Batch };

/** A send is about to begin: from here on it may have left. */
export function applySendBegun(state: OrderState, batch: Batch): void {
  batch.inFlight = true;
  if (state.status === 'Pending') state.status = 'Processing';
}

/** What the outcome of a send changes in its batch. What follows for the order, or the refill, each decides by itself. */
export function applyOutcome(state: OrderState, batch: Batch, outcome: DispatchOutcome, now: number): void {
  batch.inFlight = false;
  switch (outcome.kind) {
    case 'accepted':
      run(state, batch, outcome.provider, outcome.providerOrder, outcome.at);
      break;
    case 'refused':
      batch.attempt += 1;
      break;
    case 'wait':
      batch.attempt += 1;
      batch.sendAt = now + outcome.seconds * 1_000;
      break;
    case 'paused':
      batch.sendAt = now + outcome.seconds * 1_000;
      break;
    case 'unknown':
      batch.state = 'uncertain';
      // Where a person has to look.
      batch.provider = outcome.provider;
      showEvent(state, now, 'order.uncertain', 'system', {
        batch: batch.number,
        attempt: batch.attempt,
        provider: outcome.provider ?? '',
      });
      break;
    case 'exhausted':
      endBatch(batch, 0);
      break;
    case 'queued':
      // It has not begun.
      break;
  }
}

/** What a written decision changes in its batch; false: that order of the provider is another batch's, and nothing has changed. */
export function applyDecision(
  state: OrderState,
  { batch, decision, done, provider, at }: Extract<BatchNews, { kind: 'decided' }>,
): boolean {
  batch.decision = null;
  switch (decision.kind) {
    case 'attach':
      if (done) run(state, batch, provider, decision.providerOrder, at);
      else {
        const why = `order ${decision.providerOrder} belongs to another batch`;
        recordEvent(state, at, 'resolve.refused', 'system', { why });
      }
      return done;
    case 'notPlaced':
      batch.state = 'sending';
      batch.attempt += 1;
      return true;
    case 'cancel':
      endBatch(batch, 0);
      return true;
  }
}

/** A provider has it; not ended when its cap does, a person looks at it. */
function run(state: OrderState, batch: Batch, provider: number | null, providerOrder: string, at: number): void {
  batch.state = 'running';
  batch.provider = provider;
  batch.providerOrder = providerOrder;
  batch.reviewAt = capFrom(state, at);
}

/** The providers of these batches are being asked to stop. */
export function applyStopsBegun(batches: readonly Batch[]): void {
  for (const batch of batches) batch.stopAsked = true;
}

/** A provider's answer to the wish to stop a batch; the activity that asked has written the event. */
export function applyStopAnswer(state: OrderState, batch: Batch, said: StopSaid): void {
  batch.stopAsked = true;
  batch.stop = said;
  const data = { batch: batch.number, answer: said.answer };
  if (state.isOld) recordEvent(state, said.at, 'stop.asked', 'provider', data);
  else showEvent(state, said.at, 'stop.asked', 'provider', data);
}

/** The end of the batch has been written. */
export function dropBatch(state: OrderState, batch: Batch): void {
  state.batches = state.batches.filter((one) => one !== batch);
}
