/**
 * Moments of a step at which a process may die, or be stopped, with different consequences. A simulation, or a test that
 * freezes a worker, is called there; in production nobody is.
 *
 * | point | what is behind it, and what is not |
 * | --- | --- |
 * | `beforeCommit` | nothing of the step is written |
 * | `afterCommit` | the step is written, nobody was told |
 * | `beforeSend` | the attempt is taken, its request has not left |
 * | `afterSend` | the provider has answered, or not, and nothing is written of that |
 */
export type FaultPoint = 'beforeCommit' | 'afterCommit' | 'beforeSend' | 'afterSend';

/** What the step is, like `take` or `record`, and of which order. */
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
