import {
  allHandlersFinished,
  condition,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { type OrderInput, searchAttributes } from '../contract.ts';
import { continueRun, isOutdated } from '../versions.ts';
import { details } from './details.ts';
import { type OrderRun, workflowView } from './view.ts';

/** The search attributes as they were last set: the Temporal UI filters by them. */
export interface Shown {
  status: string;
  attention: string;
  provider: string | null;
}

/** The search attributes that this workflow, or the run before it, has set; defaults after a fresh start. */
export function shownBefore(): Shown {
  const { typedSearchAttributes: said } = workflowInfo();
  const { orderStatus, attention, providerId } = searchAttributes;
  return {
    status: said.get(orderStatus) ?? 'Pending',
    attention: said.get(attention) ?? 'none',
    provider: said.get(providerId) ?? null,
  };
}

/** How long to wait: `until` in milliseconds since 1970; null waits for a message only. */
export interface Wait {
  readonly until: number | null;
  /** What the timer is for, in the Temporal UI. */
  readonly why: string;
}

/** Shows the order, then waits for a message or until the time has come. A long history first continues as new, and so does an outdated workflow. */
export async function waitForNews(run: OrderRun, input: OrderInput, shown: Shown, { until, why }: Wait): Promise<void> {
  show(run, shown);
  if (mustContinue(run, input)) {
    // A handler may wait for a step of the main loop, and a new run would ask again for a stop whose answer is still to come.
    await condition(() => run.changed || (allHandlersFinished() && run.stopsUnderWay === 0));
    if (!run.changed) await continueRun<(input: OrderInput) => Promise<unknown>>(input);
  }
  // A message that changes nothing does not wake the order, but makes its history longer.
  const isDue = () => run.changed || (run.state?.isOld === false && mustContinue(run, input));
  if (until === null) await condition(isDue);
  else await condition(isDue, Math.max(until - Date.now(), 1), { summary: why });
  run.changed = false;
}

/**
 * Shows the order in the Temporal UI. Search attributes cost an event, so only changed ones are set, and Processing is left out
 * because it lasts too short a time.
 */
export function show(run: OrderRun, shown: Shown): void {
  const view = workflowView(run);
  setCurrentDetails(details(view));
  const status = view.status === 'Processing' ? shown.status : view.status;
  const provider = run.state?.batches.at(-1)?.provider?.toString() ?? shown.provider;
  const changes = [
    ...(status === shown.status ? [] : [{ key: searchAttributes.orderStatus, value: status }]),
    ...(view.attention === shown.attention ? [] : [{ key: searchAttributes.attention, value: view.attention }]),
    ...(provider === shown.provider ? [] : [{ key: searchAttributes.providerId, value: provider ?? '' }]),
  ];
  if (changes.length > 0) upsertSearchAttributes(changes);
  Object.assign(shown, { status, attention: view.attention, provider });
}

function mustContinue(run: OrderRun, { continueAfterEvents = Number.POSITIVE_INFINITY }: OrderInput): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength > continueAfterEvents || mustMove(run);
}

/** An outdated order stays as it is until housekeeping asks it to move, so that not all move in the same moment. */
export const mustMove = ({ askedToMove }: OrderRun): boolean => askedToMove && isOutdated();
