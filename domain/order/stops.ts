import { LIMITS } from '../limits.ts';
import type { Batch } from './batch.ts';
import type { Life } from './life.ts';

/** What a provider said to the wish to stop; only its status decides about money. `unclear`: an odd answer, or none. */
export type StopAnswer = 'accepted' | 'refused' | 'unclear';

/** The last answer to the wish to stop a batch, and when it came, in milliseconds since 1970. */
export interface StopSaid {
  readonly answer: StopAnswer;
  readonly at: number;
}

const AGAIN_MS = LIMITS.stopAgainMinutes * 60_000;

/** Whether a provider that was asked to stop a batch may be asked again: it has not agreed, and some time has passed. */
export const mayAskStopAgain = ({ state, stop }: Batch, now: number): boolean =>
  state === 'running' && stop !== null && stop.answer !== 'accepted' && now >= stop.at + AGAIN_MS;

/** The batches whose provider is to be asked to stop. */
export const stopsWanted = ({ canceledBy, decided, batches }: Life): Batch[] =>
  batches.filter(
    ({ state, resend, stopAsked }) =>
      (canceledBy !== null || decided !== null || resend) && state === 'running' && !stopAsked,
  );

/** Lets the providers be asked again that may be. */
export function askStopsAgain(life: Life, now: number): void {
  for (const batch of life.batches) {
    // Histories from before there was a rest between two asks: the provider may not have heard it the first time.
    if (life.isOld) batch.stopAsked = batch.stop?.answer === 'accepted';
    else if (mayAskStopAgain(batch, now)) batch.stopAsked = false;
  }
}

/** What the providers answered to the wish to stop, and when one is asked again, for whoever repeats the wish. */
export function stopsSaid(batches: readonly Batch[], now: number): string {
  const running = batches.filter(({ state, stopAsked }) => state === 'running' && stopAsked);
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
