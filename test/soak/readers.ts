import { customerAt } from '../chaos/customer.ts';
import type { ChaosShop } from '../chaos/shop.ts';
import { sleep } from '../chaos/wait.ts';
import { messagesOf } from '../support/reads/event-stream.ts';

/** What a customer's program reads in turn, beside its orders. */
const PATHS = ['/v1/orders?limit=20', '/v1/balance', '/v1/orders?status=Completed&limit=5', '/v1/statement?limit=20'];
const READ_EVERY_MS = 1_000;
const AGAIN_MS = 1_000;

/** Reads something every second until `signal` is aborted, by v1 and by panel API v2. Returns how many reads were answered. */
export async function keepReading(apiUrl: string, { key }: ChaosShop, signal: AbortSignal): Promise<number> {
  const customer = customerAt(apiUrl, key);
  let answered = 0;
  for (let turn = 0; !signal.aborted; turn += 1) {
    const path = PATHS[turn % (PATHS.length + 1)];
    const answer = await (path === undefined ? customer.panel({ action: 'balance' }) : customer.ask(path));
    if (answer?.status === 200) answered += 1;
    await sleep(READ_EVERY_MS, signal);
  }
  return answered;
}

/**
 * Follows the events of the account until `signal` is aborted, and connects again with the last event's id when the stream ends.
 * Returns how many events it was told.
 */
export async function keepFollowing(apiUrl: string, { key }: ChaosShop, signal: AbortSignal): Promise<number> {
  let told = 0;
  let last: number | undefined;
  while (!signal.aborted) {
    try {
      const id = last === undefined ? {} : { 'last-event-id': String(last) };
      const headers = { authorization: `Bearer ${key}`, ...id };
      const { body } = await fetch(`${apiUrl}/v1/events/stream`, { headers, signal });
      let rest = '';
      for await (const chunk of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
        rest += chunk;
        const events = messagesOf(rest).filter((message) => message.id !== undefined && message.event !== 'begin');
        told += events.length;
        last = events.at(-1)?.id ?? last;
        // The empty line before the next message: what follows it may be half a message.
        rest = rest.slice(Math.max(rest.lastIndexOf('\n\n') + 1, 0));
      }
    } catch {
      // The API was stopped or killed.
    }
    await sleep(AGAIN_MS, signal);
  }
  return told;
}
