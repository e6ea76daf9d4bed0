import {
  allHandlersFinished,
  condition,
  continueAsNew,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { type OrderInput, searchAttributes } from '../contract.ts';
import { details } from './details.ts';
import { type OrderRun, workflowView } from './view.ts';

/** What the Temporal UI can be filtered by, as it was last said. */
export interface Shown {
  status: string;
  attention: string;
  provider: string | null;
}

/** What this workflow, or the one before it, has said; nothing of a workflow that was just started again. */
export function shownBefore(): Shown {
  const { typedSearchAttributes: said } = workflowInfo();
  const { orderStatus, attention, providerId } = searchAttributes;
  return {
    status: said.get(orderStatus) ?? 'Pending',
    attention: said.get(attention) ?? 'none',
    provider: said.get(providerId) ?? null,
  };
}

/** How long to wait. */
export interface Wait {
  readonly until: number | null;
  /** What the timer is for, in the Temporal UI. */
  readonly why: string;
}

/** Shows where the order is and waits until a message comes or the time has; a long history is first continued as new. */
export async function waitForNews(run: OrderRun, input: OrderInput, shown: Shown, { until, why }: Wait): Promise<void> {
  show(run, shown);
  if (historyIsLong(input)) {
    // A handler may be waiting for what only this loop does, and a stop that is being asked is not to be asked twice.
    await condition(() => run.changed || (allHandlersFinished() && run.stopsUnderWay === 0));
    if (!run.changed) await continueAsNew<(input: OrderInput) => Promise<unknown>>(input);
  }
  // Messages that change nothing do not wake the order, but they make the history long.
  const isDue = () => run.changed || (run.state?.isOld === false && historyIsLong(input));
  if (until === null) await condition(isDue);
  else await condition(isDue, Math.max(until - Date.now(), 1), { summary: why });
  run.changed = false;
}

/** Shows the order in the Temporal UI; only what has changed costs an event, and being sent is over too soon to be shown. */
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

function historyIsLong({ continueAfterEvents }: OrderInput): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength > (continueAfterEvents ?? Number.POSITIVE_INFINITY);
}
