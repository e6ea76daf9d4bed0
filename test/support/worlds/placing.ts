import { expect, vi } from 'vitest';
import type { Answer, ServedApi } from './api.ts';

/** How long a request is repeated, and how often. */
export const PATIENT = { timeout: 100_000, interval: 500 };

/**
 * Repeats a request that has an idempotency key while it is answered 503, as the API asks. On a busy machine the engines may need
 * longer than a request waits, so only a test about that wait should see one.
 */
export const decided = (request: () => Promise<Answer>): Promise<Answer> =>
  vi.waitFor(async () => {
    const answer = await request();
    expect(answer.status).not.toBe(503);
    return answer;
  }, PATIENT);

interface Placing {
  /** Of the account. */
  readonly key: string;
  readonly body: object;
  readonly idempotencyKey: string;
}

/** Places an order by REST v1; returns its id. */
export async function mustPlace(api: ServedApi, placing: Placing): Promise<number> {
  const { status, body } = await decided(() => api.v1('/v1/orders', { ...placing }));
  expect([status, body]).toMatchObject([201, { id: expect.any(Number) }]);
  return body.id as number;
}
