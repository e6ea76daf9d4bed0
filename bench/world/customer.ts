import { setTimeout as delay } from 'node:timers/promises';
import { timed } from '../measure/latencies.ts';

/** Clients that place orders at the same time with one key, unless a scenario says otherwise. */
export const CLIENTS = 20;

/** An answer of the API, and how long it took. */
export interface Answered {
  readonly status: number;
  // Loosely typed: each route answers with other fields.
  readonly body: Readonly<Record<string, unknown>>;
  readonly ms: number;
}

/** An order that was placed in the end: milliseconds from the first request to the answer, and how often it was repeated. */
export interface Persistent {
  readonly ms: number;
  readonly repeats: number;
}

const REPEAT_MS = 1_000;
const MOST_REPEATS = 60;

/** A customer who uses the API over HTTP with one key, at each API process in turn. */
export class Customer {
  readonly #urls: readonly string[];
  readonly #key: string;
  readonly #service: number;
  #requests = 0;
  #posts = 0;

  constructor(urls: readonly string[], key: string, service: number) {
    this.#urls = urls;
    this.#key = key;
    this.#service = service;
  }

  /** Orders 1,000 items for a link of its own. Any answer is returned. */
  async order(link = `https://example.com/bench/${this.#posts}`): Promise<Answered> {
    return this.#post('/v1/orders', { service: this.#service, link, quantity: 1_000 });
  }

  /** Orders, and returns how many milliseconds the API took. Throws unless there is an order. */
  async mustOrder(link?: string): Promise<number> {
    const { status, body, ms } = await this.order(link);
    if (status !== 201) throw new Error(`an order was answered with ${status}: ${JSON.stringify(body)}`);
    return ms;
  }

  /** Orders, and repeats the request with its key while the API answers 503, as README.md says. Throws unless there is an order then. */
  async orderAtLast(): Promise<Persistent> {
    const from = performance.now();
    const body = { service: this.#service, link: `https://example.com/bench/${this.#posts}`, quantity: 1_000 };
    this.#posts += 1;
    const key = `bench-${this.#posts}`;
    for (let repeats = 0; ; repeats += 1) {
      const answer = await this.#postWith(key, '/v1/orders', body);
      if (answer.status === 201) return { ms: performance.now() - from, repeats };
      if (answer.status !== 503 || repeats === MOST_REPEATS) throw new Error(`no order: ${JSON.stringify(answer)}`);
      await delay(REPEAT_MS);
    }
  }

  /** Sends a list of so many orders, which is placed by and by. Returns its id. */
  async mustOrderList(lines: number): Promise<number> {
    const link = () => `https://example.com/bench/${this.#posts}-`;
    const list = Array.from({ length: lines }, (_, line) => `${this.#service}|${link()}${line}|1000`);
    const { status, body } = await this.#post('/v1/orders/batch', { lines: list });
    if (status !== 202) throw new Error(`a list was answered with ${status}: ${JSON.stringify(body)}`);
    return Number(body.id);
  }

  /** Cancels the lines of a list that wait. */
  async mustCancelList(id: number): Promise<void> {
    const { status, body } = await this.#post(`/v1/orders/batch/${id}/cancel`, {});
    if (status !== 202) throw new Error(`a list was not canceled: ${status} ${JSON.stringify(body)}`);
  }

  /** Sends all events of the account to `url`. */
  async makeWebhook(url: string): Promise<void> {
    const { status, body } = await this.#post('/v1/webhooks', { url });
    if (status !== 201) throw new Error(`there is no webhook: ${JSON.stringify(body)}`);
  }

  /** Reads by REST v1, and returns how many milliseconds that took. */
  async read(path: string): Promise<number> {
    return this.#mustAnswer(path, { headers: { authorization: `Bearer ${this.#key}` } });
  }

  /** Reads by panel API v2, and returns how many milliseconds that took. */
  async readV2(fields: Readonly<Record<string, string>>): Promise<number> {
    return this.#mustAnswer('/api/v2', { method: 'POST', body: new URLSearchParams({ key: this.#key, ...fields }) });
  }

  async #mustAnswer(path: string, init: RequestInit): Promise<number> {
    const { status, body, ms } = await this.#ask(path, init);
    if (status !== 200 || body.error !== undefined) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    return ms;
  }

  #post(path: string, body: object): Promise<Answered> {
    this.#posts += 1;
    return this.#postWith(`bench-${this.#posts}`, path, body);
  }

  #postWith(idempotencyKey: string, path: string, body: object): Promise<Answered> {
    const headers = {
      authorization: `Bearer ${this.#key}`,
      'content-type': 'application/json',
      'idempotency-key': idempotencyKey,
    };
    return this.#ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async #ask(path: string, init: RequestInit): Promise<Answered> {
    this.#requests += 1;
    const { result, ms } = await timed(async () => {
      const response = await this.#sent(path, init);
      return { status: response.status, text: await response.text() };
    });
    return { status: result.status, body: JSON.parse(result.text) as Answered['body'], ms };
  }

  /** Sends to the next API; to another one when that refuses the connection, as a proxy does: nothing was sent on it. */
  async #sent(path: string, init: RequestInit): Promise<Response> {
    const first = this.#requests % this.#urls.length;
    const inTurn = [...this.#urls.slice(first), ...this.#urls.slice(0, first)];
    for (const url of inTurn) {
      try {
        return await fetch(`${url}${path}`, init);
      } catch (error) {
        if (!isRefused(error)) throw error;
      }
    }
    throw new Error(`no API takes a connection for ${path}`);
  }
}

const isRefused = (error: unknown): boolean =>
  error instanceof Error && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED';
