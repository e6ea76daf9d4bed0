import { shouldContinue } from './versions.ts';

/** Endless work is done in shifts of ten minutes. 150 shifts are one run: about a day, and about 900 events. */
const SHIFTS_PER_RUN = 150;

/** Works shift after shift, until the workflow should continue as new. */
export async function workShifts(shift: () => Promise<void>): Promise<void> {
  let shifts = 0;
  do {
    await shift();
    shifts += 1;
  } while (shifts < SHIFTS_PER_RUN && !shouldContinue());
}

export const shiftOptions = {
  startToCloseTimeout: '15 minutes',
  // Another worker takes over this soon after a worker has died.
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds' },
} as const;
