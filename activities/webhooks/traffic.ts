/** The requests to webhooks under way in this process, so that none gets more than its share. */
export interface Traffic {
  /** Requests to one endpoint. */
  of(endpoint: number): number;
  /** Endpoints that are being asked. */
  busy(): number[];
  total(): number;
  /** Counts a request for as long as it takes. */
  during<T>(endpoint: number, request: () => Promise<T>): Promise<T>;
  /** Aborted when the next endpoint is no longer being asked. */
  nextFree(): AbortSignal;
}

export function createTraffic(): Traffic {
  const running = new Map<number, number>();
  let free = new AbortController();
  const of = (endpoint: number) => running.get(endpoint) ?? 0;
  return {
    of,
    busy: () => [...running.keys()],
    total: () => [...running.values()].reduce((sum, count) => sum + count, 0),
    async during(endpoint, request) {
      running.set(endpoint, of(endpoint) + 1);
      try {
        return await request();
      } finally {
        const left = of(endpoint) - 1;
        if (left > 0) running.set(endpoint, left);
        else {
          running.delete(endpoint);
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
