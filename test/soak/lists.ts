import { type Answer, type Customer, customerAt } from '../chaos/customer.ts';
import type { Told } from '../chaos/customers.ts';
import type { ChaosShop } from '../chaos/shop.ts';
import { eventually, sleep } from '../chaos/wait.ts';

/** More lines than are placed while the caller waits, so that a workflow places them. */
const LINES = 101;
const QUANTITY = 100;
const AGAIN_MS = 1_000;
const ENDED_MS = 300_000;

interface Line {
  readonly line: number;
  readonly status: string;
  readonly order: number | null;
  readonly error: { readonly code: string } | null;
}

/** A customer who sends a long list of orders from time to time. */
export class Lists {
  readonly #customer: Customer;
  readonly #shop: ChaosShop;
  readonly #name: string;
  /** The ids that the API answered, with the links of the lines. */
  readonly #sent: { readonly id: number; readonly links: readonly string[] }[] = [];

  constructor(apiUrl: string, shop: ChaosShop, seed: number) {
    this.#customer = customerAt(apiUrl, shop.key);
    this.#shop = shop;
    this.#name = `soak-${seed}-list`;
  }

  /** Sends a list every so many milliseconds, the first one half of that after the start. */
  async send(every: number, signal: AbortSignal): Promise<void> {
    await sleep(every / 2, signal);
    for (let number = 1; !signal.aborted; number += 1) {
      await this.#sendOne(`${this.#name}-${number}`, signal);
      await sleep(every, signal);
    }
  }

  async #sendOne(name: string, signal: AbortSignal): Promise<void> {
    const links = Array.from(
      { length: LINES },
      (_, line) => `https://example.com/soak/${name}-${line + 1}?sim=seconds:2`,
    );
    const body = { lines: links.map((link) => ({ service: this.#shop.otherService, link, quantity: QUANTITY })) };
    while (!signal.aborted) {
      const answer = await this.#customer.ask('/v1/orders/batch', { body, idempotencyKey: name });
      if (answer?.status === 202) {
        this.#sent.push({ id: Number(answer.body.id), links });
        return;
      }
      if (isFinal(answer)) throw new Error(`a list was refused: ${JSON.stringify(answer?.body)}`);
      await sleep(AGAIN_MS, signal);
    }
  }

  /** What the customer was told about each line, once all lists have ended. @throws Error when one has not after five minutes. */
  async told(): Promise<Told[]> {
    const all = await Promise.all(this.#sent.map(async ({ id, links }) => toldOf(links, await this.#endedLines(id))));
    return all.flat();
  }

  async #endedLines(id: number): Promise<Line[]> {
    const path = `/v1/orders/batch/${id}?limit=100`;
    return eventually(`list ${id} has ended`, ENDED_MS, async () => {
      const lines: Line[] = [];
      let cursor = '';
      do {
        const page = await this.#customer.ask(path + cursor);
        if (page?.status !== 200 || page.body.status !== 'ended') return undefined;
        lines.push(...(page.body.data as Line[]));
        cursor = page.body.nextCursor === null ? '' : `&cursor=${encodeURIComponent(String(page.body.nextCursor))}`;
      } while (cursor !== '');
      return lines;
    });
  }
}

const isFinal = (answer: Answer | undefined): boolean =>
  answer !== undefined && answer.status < 500 && answer.status !== 429 && answer.status !== 409;

function toldOf(links: readonly string[], lines: readonly Line[]): Told[] {
  return links.map((link, at) => {
    const line = lines.find((one) => one.line === at + 1);
    return {
      wish: { at: 0, name: link, link, channel: 'v1', quantity: QUANTITY, runs: 1, asks: 'nothing', asksAfter: 0 },
      ids: line?.order == null ? [] : [line.order],
      unanswered: 0,
      ...(line?.error == null ? {} : { refusal: line.error.code }),
    };
  });
}
