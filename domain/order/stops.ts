import { LIMITS } from '../limits.ts';
import { type Batch, isRunning, type StopAnswer } from './batch.ts';
import type { OrderState } from './state.ts';

const AGAIN_MS = LIMITS.stopAgainMinutes * 60_000;

/** What stop requests need to know of a batch; `state` is that of the workflow or of PostgreSQL. */
export interface StoppedBatch extends Pick<Batch, 'stop' | 'stopAsked'> {
  readonly state: string;
}

/** Whether a provider may be asked again to stop a batch: it has not accepted, and 10 minutes have passed since its answer. */
export const mayAskStopAgain = (batch: StoppedBatch, now: number): boolean => now >= againAt(batch);

/** When the provider of a batch can be asked again; infinity when never. */
const againAt = (batch: StoppedBatch): number => {
  const { stop } = batch;
  return isRunning(batch) && stop !== null && stop.answer !== 'accepted'
    ? stop.at + AGAIN_MS
    : Number.POSITIVE_INFINITY;
};

/** When the first of the providers can be asked again, in milliseconds since 1970; undefined when none can. */
export function stopAgainAt(batches: readonly StoppedBatch[]): number | undefined {
  const first = Math.min(...batches.map(againAt));
  return Number.isFinite(first) ? first : undefined;
}

/** The batches whose provider must be asked to stop. */
export const stopsWanted = ({ canceledBy, decided, batches }: OrderState): Batch[] =>
  batches.filter(
    (batch) => (canceledBy !== null || decided !== null || batch.resend) && isRunning(batch) && !batch.stopAsked,
  );

/** Marks batches for another stop request where their provider may be asked again. */
export function askStopsAgain(state: OrderState, now: number): void {
  for (const batch of state.batches) {
    // Histories with the old rules have no minimum time between two stop requests.
    if (state.isOld) batch.stopAsked = batch.stop?.answer === 'accepted';
    else if (mayAskStopAgain(batch, now)) batch.stopAsked = false;
  }
}

/** The providers' answers to stop requests, and when they can be asked again: for a person who repeats the request. */
export function stopsSaid(batches: readonly StoppedBatch[], now: number): string {
  const running = batches.filter((batch) => isRunning(batch) && batch.stopAsked);
  const said = running.flatMap(({ stop }) => (stop === null ? [] : [stop]));
  if (running.length === 0) return '';
  if (said.length === 0) return ': the provider is being asked to stop';
  const last = Math.max(...said.map(({ at }) => at));
  const again = stopAgainAt(running);
  const later = again !== undefined && again > now ? `; it can be asked again from ${time(again)} on` : '';
  if (running.length === 1) return `: the provider ${ANSWERED[said[0]?.answer ?? 'unclear']} at ${time(last)}${later}`;
  const counts = (['accepted', 'refused', 'unclear'] as const)
    .map((answer) => [said.filter((one) => one.answer === answer).length, answer] as const)
    .filter(([count]) => count > 0)
    .map(([count, answer]) => `${count} ${answer}`);
  return `: of ${running.length} batches ${counts.join(', ')}, the last at ${time(last)}${later}`;
}

const ANSWERED: Readonly<Record<StopAnswer, string>> = {
  accepted: 'accepted that',
  refused: 'refused that',
  unclear: 'gave no clear answer',
};

/** A time in a sentence for people. */
export const time = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
