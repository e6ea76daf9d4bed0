import { LIMITS } from '../limits.ts';
import { type Batch, isRunning, type StopAnswer } from './batch.ts';
import type { OrderState } from './state.ts';

const AGAIN_MS = LIMITS.stopAgainMinutes * 60_000;

/** Whether a provider may be asked again to stop a batch: it has not accepted, and 10 minutes have passed since its answer. */
export const mayAskStopAgain = ({ state, stop }: Batch, now: number): boolean =>
  state === 'running' && stop !== null && stop.answer !== 'accepted' && now >= stop.at + AGAIN_MS;

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
export function stopsSaid(batches: readonly Batch[], now: number): string {
  const running = batches.filter((batch) => isRunning(batch) && batch.stopAsked);
  const said = running.flatMap(({ stop }) => (stop === null ? [] : [stop]));
  if (running.length === 0) return '';
  if (said.length === 0) return ': the provider is being asked to stop';
  const last = Math.max(...said.map(({ at }) => at));
  const again = Math.min(...said.filter(({ answer }) => answer !== 'accepted').map(({ at }) => at + AGAIN_MS));
  const later = Number.isFinite(again) && again > now ? `; it can be asked again from ${time(again)} on` : '';
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

const time = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
