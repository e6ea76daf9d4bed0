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
    const headers = {
      authorization: `Bearer ${this.#key}`,
      'content-type': 'application/json',
      'idempotency-key': `bench-${this.#posts}`,
    };
    return this.#ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async #ask(path: string, init: RequestInit): Promise<Answered> {
    this.#requests += 1;
    const url = this.#urls[this.#requests % this.#urls.length];
    const { result, ms } = await timed(async () => {
      const response = await fetch(`${url}${path}`, init);
      return { status: response.status, text: await response.text() };
    });
    return { status: result.status, body: JSON.parse(result.text) as Answered['body'], ms };
  }
}
