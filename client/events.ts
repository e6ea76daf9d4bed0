import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream';
import type { AccountEvent, Order, OrderEvent } from './openapi.ts';
import { HoldfastProblem, HoldfastUnreachable } from './problem.ts';
import { backoff, type RetryOptions, retryDelay } from './retry.ts';

/** The progress of an order. */
export type Progress = Pick<Order, 'status' | 'attention' | 'delivered' | 'remains' | 'percent' | 'version'>;

/** One message of the stream: an event, which has an id, or the progress of the order. */
export type OrderMessage =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'event'; readonly id: string; readonly event: OrderEvent };

/** The progress of one of several orders. */
export type OrderProgress = Progress & { readonly order: number };

/** One message of the stream of an account. */
export type AccountMessage =
  | { readonly type: 'progress'; readonly progress: OrderProgress }
  | { readonly type: 'event'; readonly id: string; readonly event: AccountEvent };

export interface AccountEventsOptions extends EventsOptions {
  /** Orders whose progress you want to see; 100 at most. */
  readonly orders?: readonly number[];
}

export interface EventsOptions {
  /** The id of the last event that you have: the stream continues after it. */
  readonly after?: string;
  readonly signal?: AbortSignal;
}

interface Connection extends EventsOptions {
  readonly authorization: string;
  readonly send: typeof fetch;
  readonly wait: (ms: number, signal: AbortSignal | undefined) => Promise<unknown>;
  readonly retry: RetryOptions;
}

const ENDS: ReadonlySet<string> = new Set<Order['status']>(['Completed', 'Partial', 'Canceled']);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Opens the stream after the event with the id `after`; undefined when the API has no more to send. */
async function open(url: string, after: string | undefined, { send, authorization, signal }: Connection) {
  const response = await send(url, {
    headers: { authorization, accept: 'text/event-stream', ...(after === undefined ? {} : { 'last-event-id': after }) },
    redirect: 'error',
    ...(signal === undefined ? {} : { signal }),
  });
  if (response.status === 204) return undefined;
  if (!response.ok || response.body === null) throw new HoldfastProblem(response, parsed(await response.text()));
  return response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
}

/** The messages of a stream, each event once, over as many connections as it takes; ends when the API has no more to send. */
async function* messagesOf(url: string, connection: Connection): AsyncGenerator<EventSourceMessage, void> {
  const { signal, wait, retry } = connection;
  let { after } = connection;
  for (let tries = 1; ; tries += 1) {
    let delay: number | undefined;
    try {
      const stream = await open(url, after, connection);
      if (stream === undefined) return;
      for await (const message of stream) {
        tries = 1;
        after = message.id ?? after;
        yield message;
      }
    } catch (error) {
      signal?.throwIfAborted();
      delay = retryDelay(error, { tries, isRepeatable: true, retry });
      if (delay === undefined) {
        if (error instanceof HoldfastProblem) throw error;
        throw new HoldfastUnreachable(`the stream of events broke off ${tries} times`, error);
      }
    }
    await wait(delay ?? backoff(tries, retry), signal);
  }
}

/** All events and progress of an order until it has ended. */
export async function* orderMessages(url: string, connection: Connection): AsyncGenerator<OrderMessage, void> {
  for await (const { id, event, data } of messagesOf(url, connection)) {
    if (event === 'progress') {
      const progress = JSON.parse(data) as Progress;
      yield { type: 'progress', progress };
      // The API sends the events that led to the end before this message.
      if (ENDS.has(progress.status)) return;
    } else if (id !== undefined) {
      yield { type: 'event', id, event: JSON.parse(data) as OrderEvent };
    }
  }
}

/** The events of all orders of an account, and the progress of some, until the caller leaves. */
export async function* accountMessages(url: string, connection: Connection): AsyncGenerator<AccountMessage, void> {
  for await (const { id, event, data } of messagesOf(url, connection)) {
    if (event === 'progress') yield { type: 'progress', progress: JSON.parse(data) as OrderProgress };
    // `begin` only says where the stream begins.
    else if (id !== undefined && event !== 'begin')
      yield { type: 'event', id, event: JSON.parse(data) as AccountEvent };
  }
}
