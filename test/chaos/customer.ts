/** An answer of the API. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly retryAfter: number;
}

/** A caller of the API. A lost call, without an answer, resolves to undefined. */
export interface Customer {
  /** REST v1: a POST when there is a body, even an empty one. */
  ask(path: string, call?: { body?: unknown; idempotencyKey?: string }): Promise<Answer | undefined>;
  /** Panel API v2. */
  panel(fields: Readonly<Record<string, string>>): Promise<Answer | undefined>;
}

/** Longer than the API needs for any answer, including the one that says the outcome is unknown. */
const TIMEOUT_MS = 20_000;

export function customerAt(apiUrl: string, key: string): Customer {
  const call = async (path: string, init: RequestInit): Promise<Answer | undefined> => {
    try {
      const response = await fetch(apiUrl + path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
      const body = JSON.parse(await response.text()) as Record<string, unknown>;
      return { status: response.status, body, retryAfter: Number(response.headers.get('retry-after') ?? 0) };
    } catch {
      return undefined;
    }
  };
  return {
    ask: (path, { body, idempotencyKey } = {}) =>
      call(path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    panel: (fields) => call('/api/v2', { method: 'POST', body: new URLSearchParams({ key, ...fields }) }),
  };
}
