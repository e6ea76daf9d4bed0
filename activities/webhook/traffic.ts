/**
 * The requests to webhooks under way in this process, so that no receiver gets more than its share. A receiver is a number: an
 * endpoint's id, or MAIL_RECEIVER.
 */
export interface Traffic {
  /** Requests to one receiver. */
  of(receiver: number): number;
  /** Receivers with requests under way. */
  busy(): number[];
  total(): number;
  /** Counts a request while it runs. */
  during<T>(receiver: number, request: () => Promise<T>): Promise<T>;
  /** A signal that is aborted as soon as a receiver has no request left. */
  nextFree(): AbortSignal;
}

export function createTraffic(): Traffic {
  const running = new Map<number, number>();
  let free = new AbortController();
  const of = (receiver: number) => running.get(receiver) ?? 0;
  return {
    of,
    busy: () => [...running.keys()],
    total: () => [...running.values()].reduce((sum, count) => sum + count, 0),
    async during(receiver, request) {
      running.set(receiver, of(receiver) + 1);
      try {
        return await request();
      } finally {
        const left = of(receiver) - 1;
        if (left > 0) running.set(receiver, left);
        else {
          running.delete(receiver);
          free.abort();
        }
      }
    },
    nextFree() {
      if (free.signal.aborted) free = new AbortController();
      return free.signal;
    },
  };
}
