/** Work that never ends is done in shifts of ten minutes; so many in one run are about a day, some nine hundred events. */
export const SHIFTS_PER_RUN = 150;

export const shiftOptions = {
  startToCloseTimeout: '15 minutes',
  // A worker that died is replaced this soon.
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds' },
} as const;
