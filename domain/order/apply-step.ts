import { applyGivenUp, applyRunBegun, applyRunHeld } from './apply-send.ts';
import type { Step } from './decide.ts';
import type { OrderState } from './state.ts';
import { clear, raise, recordEvent } from './timeline.ts';

/** A step that only changes the state: no activity carries it out. */
export type StateStep = Extract<Step, { do: 'beginRun' | 'holdRun' | 'giveUp' | 'callForReview' | 'endReview' }>;

const STATE_STEPS: readonly Step['do'][] = ['beginRun', 'holdRun', 'giveUp', 'callForReview', 'endReview'];

export const isStateStep = (step: Step): step is StateStep => STATE_STEPS.includes(step.do);

export function applyStateStep(state: OrderState, step: StateStep, now: number): void {
  switch (step.do) {
    case 'beginRun':
      applyRunBegun(state, now);
      break;
    case 'holdRun':
      applyRunHeld(state, now);
      break;
    case 'giveUp':
      applyGivenUp(step.batches);
      break;
    case 'callForReview':
      raise(state, 'review');
      recordEvent(state, now, 'order.review', 'system', { why: step.why });
      break;
    case 'endReview':
      clear(state, 'review');
  }
}

/** The order begins to wait. During a wait batches can end without a report, so they must be read from PostgreSQL again. */
export function applyWaitBegun(state: OrderState): void {
  state.isRefreshed = false;
}
