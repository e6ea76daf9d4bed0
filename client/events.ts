import type { Order, OrderEvent } from './operations.ts';
import { HoldfastProblem, HoldfastUnreachable, problemIn } from './problem.ts';
import { isWorthRepeating, type Patience, waitBefore } from './retry.ts';

/** Where an order is. */
export type Progress = Pick<Order, 'status' | 'attention' | 'delivered' | 'remains' | 'percent' | 'version'>;

/** One message of the stream: something that happened, which has an id, or how far the order is. */
export type OrderMessage =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'event'; readonly id: string; readonly event: OrderEvent };

export interface EventsOptions {
  /** The id of the last message that you have: the stream goes on after it. */
  readonly after?: string;
  readonly signal?: AbortSignal;
}

interface Means extends EventsOptions {
  readonly send: typeof fetch;
  readonly wait: (ms: number, signal: AbortSignal | undefined) => Promise<unknown>;
  readonly patience: Patience;
}

/** The fields of one message of https://html.spec.whatwg.org/multipage/server-sent-events.html. */
interface Block {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
}

const ENDS: ReadonlySet<string> = new Set(['Completed', 'Partial', 'Canceled']);

/** Reads a stream as blocks of lines; comments and what is cut off at the end are dropped. */
async function* blocksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Block, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = block.split('\n').map((line) => /^(id|event|data): ?(.*)$/.exec(line)?.slice(1) ?? []);
      yield Object.fromEntries(fields.filter((field) => field.length > 0)) as Block;
    }
  }
}

/** Opens the stream after the last message that is known; undefined when there is nothing left to hear. */
async function open(url: string, headers: Record<string, string>, after: string | undefined, means: Means) {
  const { send, signal } = means;
  const response = await send(url, {
    headers: { ...headers, accept: 'text/event-stream', ...(after === undefined ? {} : { 'last-event-id': after }) },
    redirect: 'error',
    ...(signal === undefined ? {} : { signal }),
  });
  if (response.status === 204) return undefined;
  if (!response.ok || response.body === null) {
    throw Object.assign(await problemIn(response, undefined), { retryAfter: response.headers.get('retry-after') });
  }
  return response.body;
}

/** Everything that happens to an order until it has ended, each event once, over as many connections as it takes. */
export async function* orderMessages(
  url: string,
  headers: Record<string, string>,
  means: Means,
): AsyncGenerator<OrderMessage, void> {
  const { signal, wait, patience } = means;
  let { after } = means;
  for (let tried = 1; ; tried += 1) {
    let retryAfter: string | null = null;
    try {
      const body = await open(url, headers, after, means);
      if (body === undefined) return;
      for await (const { id, event, data } of blocksOf(body)) {
        if (data === undefined) continue;
        tried = 1;
        if (event === 'progress') {
          const progress = JSON.parse(data) as Progress;
          yield { type: 'progress', progress };
          // Everything that led there came before it.
          if (ENDS.has(progress.status)) return;
        } else if (id !== undefined) {
          after = id;
          yield { type: 'event', id, event: JSON.parse(data) as OrderEvent };
        }
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (tried >= patience.tries || !isWorthRepeating(error, true)) {
        if (error instanceof HoldfastProblem) throw error;
        throw new HoldfastUnreachable(`the events broke off ${tried} times`, error, undefined);
      }
      if (error instanceof Error && 'retryAfter' in error) retryAfter = error.retryAfter as string | null;
    }
    await wait(waitBefore(tried, retryAfter, patience), signal);
  }
}
