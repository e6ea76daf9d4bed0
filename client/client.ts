import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type EventsOptions, type OrderMessage, orderMessages } from './events.ts';
import { KEYED, type Operations, type Order } from './operations.ts';
import { HoldfastUnreachable, problemIn } from './problem.ts';
import { isWorthRepeating, PATIENCE, type Patience, waitBefore } from './retry.ts';

export interface ClientOptions {
  /** Where the API is, without a path: `https://panel.example.com`. */
  readonly url: string;
  /** The API key, `hf_…`. */
  readonly key: string;
  readonly patience?: Partial<Patience>;
  /** Milliseconds that one try may take; default 30,000, longer than the API itself waits for anything. */
  readonly timeoutMs?: number;
  /** How requests are made; default `fetch`. */
  readonly fetch?: typeof fetch;
  /** How it waits between two tries, in milliseconds. */
  readonly wait?: (ms: number, signal: AbortSignal | undefined) => Promise<unknown>;
}

export type OperationName = keyof Operations;
export type Answer<N extends OperationName> = Operations[N]['answer'];

export interface CallOptions {
  /**
   * What a repeat is recognised by. Without one, a new key is made for the call and kept for all its tries. Say your own,
   * kept with what you order, and a repeat from another process, or after a crash, does nothing twice either.
   */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

export type Input<N extends OperationName> = Operations[N]['input'] & CallOptions;

/** The input may be left out where nothing in it must be said. */
type Said<N extends OperationName> =
  Record<never, never> extends Operations[N]['input'] ? [input?: Input<N>] : [input: Input<N>];

/** Operations that answer page by page. */
export type PagedName = {
  [N in OperationName]: Answer<N> extends { data: unknown[]; nextCursor: string | null } ? N : never;
}[OperationName];
export type Row<N extends PagedName> = Answer<N> extends { data: (infer R)[] } ? R : never;

/** REST v1 of Holdfast. Every failure is a HoldfastProblem (it answered so) or a HoldfastUnreachable (nobody answered). */
export interface Client {
  /**
   * One operation by its name: `request('POST /v1/orders', { body: { service, link, quantity } })`. What does nothing twice is
   * tried again when no answer came, and on 429, 502, 503 and 504.
   */
  request<N extends OperationName>(operation: N, ...[input]: Said<N>): Promise<Answer<N>>;
  /** Every row of a list, over all its pages. */
  each<N extends PagedName>(operation: N, ...[input]: Said<N>): AsyncGenerator<Row<N>, void>;
  /** What happens to an order, as it happens, until it has ended. A broken connection is made again, and nothing is missed. */
  events(orderId: number, options?: EventsOptions): AsyncGenerator<OrderMessage, void>;
  /** The order, once it is Completed, Partial or Canceled. */
  ended(orderId: number, options?: EventsOptions): Promise<Order>;
}

interface Parts {
  readonly path?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
}

/** `GET /v1/orders/{id}` with its values → the address of the request. */
function addressOf(base: string, template: string, { path = {}, query = {} }: Parts): string {
  const filled = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(path[name] ?? '')));
  const said = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(Object.fromEntries(said.map(([name, value]) => [name, String(value)]))).toString();
  return `${base}${filled}${search === '' ? '' : `?${search}`}`;
}

/** A list of orders may be text; everything else is JSON. */
const bodyOf = (body: unknown): { text?: string; type?: string } => {
  if (body === undefined) return {};
  return typeof body === 'string'
    ? { text: body, type: 'text/plain' }
    : { text: JSON.stringify(body), type: 'application/json' };
};

/** A client for one key. It holds no connection and no state: make as many as you like. */
export function createClient(options: ClientOptions): Client {
  const { key, timeoutMs = 30_000, fetch: send = fetch } = options;
  const base = options.url.replace(/\/+$/, '');
  const patience = { ...PATIENCE, ...options.patience };
  const wait = options.wait ?? ((ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }));
  const authorization = `Bearer ${key}`;

  async function call(operation: string, input: Parts & CallOptions): Promise<unknown> {
    const [method = '', template = ''] = operation.split(' ');
    const { text, type } = bodyOf(input.body);
    const idempotencyKey = KEYED.has(operation) ? (input.idempotencyKey ?? randomUUID()) : undefined;
    const again = method !== 'POST' || idempotencyKey !== undefined;
    const headers = {
      authorization,
      accept: 'application/json',
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    };
    const address = addressOf(base, template, input);
    for (let tried = 1; ; tried += 1) {
      let retryAfter: string | null = null;
      try {
        const timeout = AbortSignal.timeout(timeoutMs);
        const signal = input.signal === undefined ? timeout : AbortSignal.any([timeout, input.signal]);
        const request = { method, headers, signal, redirect: 'error' as const };
        const response = await send(address, text === undefined ? request : { ...request, body: text });
        retryAfter = response.headers.get('retry-after');
        if (!response.ok) throw await problemIn(response, idempotencyKey);
        return response.status === 204 ? undefined : await response.json();
      } catch (error) {
        input.signal?.throwIfAborted();
        if (tried < patience.tries && isWorthRepeating(error, again)) {
          await wait(waitBefore(tried, retryAfter, patience), input.signal);
          continue;
        }
        if (error instanceof Error && error.name === 'HoldfastProblem') throw error;
        throw new HoldfastUnreachable(`no answer to ${operation} after ${tried} tries`, error, idempotencyKey);
      }
    }
  }

  const client: Client = {
    request: async (operation, ...[input]) => (await call(operation, input ?? {})) as Answer<typeof operation>,
    each: async function* (operation, ...[input]) {
      let parts: Parts & CallOptions = input ?? {};
      for (;;) {
        const page = (await call(operation, parts)) as { data: Row<typeof operation>[]; nextCursor: string | null };
        yield* page.data;
        if (page.nextCursor === null) return;
        parts = { ...parts, query: { ...parts.query, cursor: page.nextCursor } };
      }
    },
    events: (orderId, events = {}) =>
      orderMessages(`${base}/v1/orders/${orderId}/events`, { authorization }, { ...events, send, wait, patience }),
    ended: async (orderId, events = {}) => {
      for await (const _ of client.events(orderId, events));
      const { signal } = events;
      return client.request('GET /v1/orders/{id}', {
        path: { id: orderId },
        ...(signal === undefined ? {} : { signal }),
      });
    },
  };
  return client;
}
