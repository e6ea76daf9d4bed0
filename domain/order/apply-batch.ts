import type { DispatchOutcome } from '../dispatch/outcome.ts';
import { type Batch, type Decision, endBatch, type StopSaid } from './batch.ts';
import { capFrom, type OrderState } from './state.ts';
import { recordEvent, showEvent } from './timeline.ts';

/** A step about a batch. The batch is a run of an order or the resend of a refill. */
export type BatchStep =
  | { readonly do: 'send'; readonly batch: Batch }
  | { readonly do: 'decide'; readonly batch: Batch; readonly decision: Decision }
  /** The order does not wait for the providers' answers. */
  | { readonly do: 'askStop'; readonly batches: readonly Batch[] }
  | { readonly do: 'endBatch'; readonly batch: Batch };

/** The result of a step about a batch. */
export type BatchNews =
  | { readonly kind: 'sent'; readonly batch: Batch; readonly outcome: DispatchOutcome; readonly at: number }
  /** `done` is false when the provider's order belongs to another batch: then nothing was written. */
  | {
      readonly kind: 'decided';
      readonly batch: Batch;
      readonly decision: Decision;
      readonly done: boolean;
      readonly provider: number | null;
      readonly at: number;
    }
  | { readonly kind: 'endWritten'; readonly batch: Batch };

/** Marks a batch as being sent: from here on the request may have left. */
export function applySendBegun(state: OrderState, batch: Batch): void {
  batch.inFlight = true;
  if (state.status === 'Pending') state.status = 'Processing';
}

/** Applies the outcome of a send to its batch. The caller applies what follows for the order or the refill. */
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
      // A person looks for the order at this provider.
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
      // Nothing was sent.
      break;
  }
}

/** Applies a decision to its batch. False: the provider's order belongs to another batch, so the decision only left an event. */
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

/** A provider has accepted the batch. If it has not ended by `reviewAt`, a person reviews it. */
function run(state: OrderState, batch: Batch, provider: number | null, providerOrder: string, at: number): void {
  batch.state = 'running';
  batch.provider = provider;
  batch.providerOrder = providerOrder;
  batch.reviewAt = capFrom(state, at);
}

/** Marks batches whose providers are being asked to stop. */
export function applyStopsBegun(batches: readonly Batch[]): void {
  for (const batch of batches) batch.stopAsked = true;
}

/** Applies a provider's answer to a stop request. The activity that asked has already stored the event. */
export function applyStopAnswer(state: OrderState, batch: Batch, said: StopSaid): void {
  batch.stopAsked = true;
  batch.stop = said;
  const data = { batch: batch.number, answer: said.answer };
  if (state.isOld) recordEvent(state, said.at, 'stop.asked', 'provider', data);
  else showEvent(state, said.at, 'stop.asked', 'provider', data);
}

/** Removes a batch whose end has been written. */
export function dropBatch(state: OrderState, batch: Batch): void {
  state.batches = state.batches.filter((one) => one !== batch);
}
