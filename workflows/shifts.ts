/** Endless work is done in shifts of ten minutes. 150 shifts are one run: about a day, and about 900 events. */
export const SHIFTS_PER_RUN = 150;

export const shiftOptions = {
  startToCloseTimeout: '15 minutes',
  // Another worker takes over this soon after a worker has died.
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds' },
} as const;
