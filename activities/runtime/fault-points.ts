/**
 * Points in a step at which a crash or freeze of the process has different consequences. Simulations and tests hook in there;
 * production has no hook.
 *
 * | point | what has happened, and what has not |
 * | --- | --- |
 * | `beforeCommit` | nothing of the step is written |
 * | `afterCommit` | the step is written, its caller does not know yet |
 * | `beforeSend` | the attempt is taken, its request has not left |
 * | `afterSend` | the provider has answered or not, its answer is not written |
 */
export type FaultPoint = 'beforeCommit' | 'afterCommit' | 'beforeSend' | 'afterSend';

/** Where a fault can occur: the step, like `take` or `record`, and the id of the order that it works on. */
export interface FaultPlace {
  readonly step: 'take' | 'send' | 'record' | 'settle' | 'accept' | 'decide';
  readonly orderId: number;
}

/** Called at every point; it may wait, throw, or end the process. */
export type FaultHook = (point: FaultPoint, place: FaultPlace) => Promise<void> | void;

/** Runs a commit between its two points. */
export async function committing<T>(
  hook: FaultHook | undefined,
  place: FaultPlace,
  commit: () => Promise<T>,
): Promise<T> {
  if (hook === undefined) return commit();
  await hook('beforeCommit', place);
  const result = await commit();
  await hook('afterCommit', place);
  return result;
}
