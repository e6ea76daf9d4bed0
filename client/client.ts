import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import createOpenApiClient from 'openapi-fetch';
import {
  type AccountEventsOptions,
  type AccountMessage,
  accountMessages,
  type EventsOptions,
  type OrderMessage,
  orderMessages,
} from './events.ts';
import { KEYED_PATHS, type Order, type paths } from './openapi.ts';
import { HoldfastProblem, HoldfastUnreachable } from './problem.ts';
import {
  DEFAULT_RETRY,
  isBeforeSending,
  type RetryOptions,
  retryDelay,
  saysNothingOfEarlierTries,
  wasTurnedAway,
} from './retry.ts';
import type { Answer, Call, CallOptions, InputArgument, Method, PagedPath, Row } from './types.ts';

export interface ClientOptions {
  /** The address of the API, without a path: `https://panel.example.com`. */
  readonly url: string;
  /** The API key, `hf_…`. */
  readonly key: string;
  readonly retry?: Partial<RetryOptions>;
  /** Milliseconds that one try may take; default 30,000, longer than the API itself waits for anything. */
  readonly timeoutMs?: number;
  /** Makes the requests; default `fetch`. */
  readonly fetch?: typeof fetch;
  /** Waits between two tries, in milliseconds. */
  readonly wait?: (ms: number, signal: AbortSignal | undefined) => Promise<unknown>;
}

/**
 * REST v1 of Holdfast, called as openapi-fetch is: `POST('/v1/orders', { body })`. A call returns the answer, or throws a
 * HoldfastProblem (an answer that is no success) or a HoldfastUnreachable (no answer came; or the last try was refused with 401,
 * 403, 429 or `overloaded`, and an earlier one may have been carried out). Calls that are safe to repeat are tried again when no answer
 * came and on 502, 503 and 504; every call is tried again on 429.
 */
export interface Client {
  readonly GET: Call<'get'>;
  readonly POST: Call<'post'>;
  readonly PATCH: Call<'patch'>;
  readonly DELETE: Call<'delete'>;
  /** Every row of a list, over all its pages. */
  each<P extends PagedPath>(path: P, ...input: InputArgument<'get', P>): AsyncGenerator<Row<P>, void>;
  /** An order's events and progress as they happen, until it has ended. It reconnects by itself and misses no event. */
  events(orderId: number, options?: EventsOptions): AsyncGenerator<OrderMessage, void>;
  /** The events of all your orders as they happen, from now on or after the event `after`. It never ends by itself. */
  accountEvents(options?: AccountEventsOptions): AsyncGenerator<AccountMessage, void>;
  /** Waits until the order is Completed, Partial or Canceled, and returns it. */
  ended(orderId: number, options?: EventsOptions): Promise<Order>;
}

/** Any operation's input, for the code that treats all operations alike. */
interface AnyInput extends CallOptions {
  readonly params?: { readonly path?: object; readonly query?: object };
  readonly body?: unknown;
}

type UntypedRequest = (
  method: Method,
  path: string,
  init: object,
) => Promise<{ data?: unknown; error?: unknown; response: Response }>;

/** A list of orders may be plain text; every other body is JSON, which openapi-fetch writes. */
const asText = { headers: { 'content-type': 'text/plain' }, bodySerializer: (text: string) => text };

/** A client for one key. It holds no connection and no state, so there may be many. */
export function createClient(options: ClientOptions): Client {
  const { url, key, timeoutMs = 30_000, fetch: send = fetch } = options;
  const retry = { ...DEFAULT_RETRY, ...options.retry };
  const sleepFor = options.wait ?? ((ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }));
  const wait = (ms: number, signal: AbortSignal | undefined) =>
    sleepFor(ms, signal).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw error;
    });
  const baseUrl = url.replace(/\/+$/, '');
  const authorization = `Bearer ${key}`;
  const api = createOpenApiClient<paths>({ baseUrl, fetch: send, redirect: 'error' });
  const request = api.request as UntypedRequest;

  async function attempt(method: Method, path: string, input: AnyInput, idempotencyKey: string | undefined) {
    const { params, body, signal } = input;
    const text = typeof body === 'string' ? asText : { headers: {} };
    const timeout = AbortSignal.timeout(timeoutMs);
    const { data, error, response } = await request(method, path, {
      ...text,
      params,
      body,
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      headers: {
        ...text.headers,
        accept: 'application/json',
        authorization,
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
    });
    if (!response.ok) throw new HoldfastProblem(response, error, idempotencyKey);
    return data;
  }

  async function call(method: Method, path: string, input: AnyInput = {}): Promise<unknown> {
    const takesKey = method === 'post' && KEYED_PATHS.has(path);
    const idempotencyKey = takesKey ? (input.idempotencyKey ?? randomUUID()) : undefined;
    const isRepeatable = method !== 'post' || takesKey;
    let mayBeDone = false;
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt(method, path, input, idempotencyKey);
      } catch (error) {
        input.signal?.throwIfAborted();
        const delay = retryDelay(error, { tries, isRepeatable, retry });
        if (delay !== undefined) {
          mayBeDone ||= method !== 'get' && !wasTurnedAway(error) && !isBeforeSending(error);
          await wait(delay, input.signal);
          continue;
        }
        const isUnknown = mayBeDone && saysNothingOfEarlierTries(error);
        if (error instanceof HoldfastProblem && !isUnknown) throw error;
        const name = `${method.toUpperCase()} ${path}`;
        const what = isUnknown ? `no answer to ${name}, and then a refusal,` : `no answer to ${name}`;
        throw new HoldfastUnreachable(`${what} after ${tries} tries`, error, idempotencyKey);
      }
    }
  }

  const caller =
    <M extends Method>(method: M): Call<M> =>
    async (path, ...[input]) =>
      (await call(method, path, input)) as Answer<M, typeof path>;

  const client: Client = {
    GET: caller('get'),
    POST: caller('post'),
    PATCH: caller('patch'),
    DELETE: caller('delete'),
    each: async function* (path, ...[input]) {
      let next: AnyInput = input ?? {};
      for (;;) {
        const page = (await call('get', path, next)) as { data: Row<typeof path>[]; nextCursor: string | null };
        yield* page.data;
        if (page.nextCursor === null) return;
        next = { ...next, params: { ...next.params, query: { ...next.params?.query, cursor: page.nextCursor } } };
      }
    },
    events: (orderId, events = {}) =>
      orderMessages(`${baseUrl}/v1/orders/${orderId}/events`, { ...events, authorization, send, wait, retry }),
    accountEvents: ({ orders = [], ...events } = {}) => {
      const query = orders.length === 0 ? '' : `?orders=${orders.join()}`;
      return accountMessages(`${baseUrl}/v1/events/stream${query}`, { ...events, authorization, send, wait, retry });
    },
    ended: async (orderId, events = {}) => {
      for await (const _ of client.events(orderId, events));
      const { signal } = events;
      const params = { path: { id: orderId } };
      return client.GET('/v1/orders/{id}', signal === undefined ? { params } : { params, signal });
    },
  };
  return client;
}
