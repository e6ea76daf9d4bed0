import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, type Customer, customerAt } from './customer.ts';
import type { Wish } from './plan.ts';
import type { ChaosShop } from './shop.ts';

/** The answer to a customer's cancel or refill request. */
export interface Asked {
  readonly what: 'cancel' | 'refill';
  /** `none`: no definite answer until the end. */
  readonly outcome: 'taken' | 'refused' | 'none';
  /** The refill's id. */
  readonly refill?: number;
  /** Why the API refused it: the stable code and the detail. */
  readonly code?: string;
  readonly why?: string;
}

/** What a customer knows about one order. */
export interface Told {
  readonly wish: Wish;
  /** The id from each answer that had one, including answers to repeated requests. */
  readonly ids: number[];
  /** When the first id came; by `performance.now()`. */
  acknowledgedAt?: number;
  /** The error code or text of a refused request. */
  refusal?: string;
  /** Requests without a definite answer: no connection, no answer, HTTP 429 or 5xx. */
  unanswered: number;
  asked?: Asked;
}

/** Parallel requests. */
const CONCURRENCY = 16;
const AGAIN_MS = 500;
/** A cancel or a refill that was asked for shortly before the time is up gets this long for its answer. */
const LAST_ANSWER_MS = 120_000;
/** Limit for repeating all requests after the last strike. */
const REPEATED_MS = 180_000;

export interface CustomersOptions {
  readonly wishes: readonly Wish[];
  readonly apiUrl: string;
  readonly shop: ChaosShop;
  readonly signal: AbortSignal;
  /** Milliseconds from the start until the customers stop asking. */
  readonly giveUpAfter: number;
}

function acknowledge(told: Told, id: unknown): void {
  told.ids.push(Number(id));
  told.acknowledgedAt ??= performance.now();
}

/** The customers. They place each order at its planned time, and repeat a request until they have a definite answer. */
export class Customers {
  readonly told: Told[] = [];
  readonly #options: CustomersOptions;
  readonly #customer: Customer;
  readonly #began = performance.now();
  #deadline: number;
  readonly #followUps: Promise<void>[] = [];
  #following = 0;

  constructor(options: CustomersOptions) {
    this.#options = options;
    this.#customer = customerAt(options.apiUrl, options.shop.key);
    this.#deadline = this.#began + options.giveUpAfter;
  }

  /** Returns when every order and every follow-up has its answer, or when the time is up. */
  async run(): Promise<void> {
    const queue = this.#options.wishes[Symbol.iterator]();
    const one = async () => {
      for (const wish of queue) {
        await delay(Math.max(wish.at - (performance.now() - this.#began), 0));
        if (this.#over) return;
        const told: Told = { wish, ids: [], unanswered: 0 };
        this.told.push(told);
        await this.#place(told);
        const [id] = told.ids;
        if (id !== undefined && wish.asks !== 'nothing') {
          this.#following += 1;
          this.#followUps.push(this.#follow(told, id).finally(() => (this.#following -= 1)));
        }
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, one));
    await Promise.all(this.#followUps);
  }

  /** Repeats every request that has a key, so that every such order is requested at least twice. */
  async repeatAll(): Promise<void> {
    this.#deadline = performance.now() + REPEATED_MS;
    const queue = this.told.filter(({ wish }) => wish.channel !== 'v2')[Symbol.iterator]();
    const one = async () => {
      for (const told of queue) await this.#place(told);
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, one));
  }

  /** How many orders have been acknowledged. */
  get acknowledged(): number {
    return this.told.filter(({ ids }) => ids.length > 0).length;
  }

  /** Progress in one line. */
  get progress(): string {
    return `${this.acknowledged} of ${this.#options.wishes.length} orders acknowledged, ${this.#following} being followed`;
  }

  get #over(): boolean {
    return this.#isOver(this.#deadline);
  }

  #isOver(deadline: number): boolean {
    return this.#options.signal.aborted || performance.now() > deadline;
  }

  async #place(told: Told): Promise<void> {
    const { wish } = told;
    const { shop } = this.#options;
    const { name, link, quantity, runs, asks } = wish;
    const service = asks === 'refill' ? shop.service : shop.otherService;
    if (wish.channel === 'v1') {
      const dripFeed = runs > 1 ? { dripFeed: { runs, intervalMinutes: 1 } } : {};
      const body = { service, link, quantity, reference: name, ...dripFeed };
      const answer = await this.#definite(told, () => this.#customer.ask('/v1/orders', { body, idempotencyKey: name }));
      if (answer?.status === 201) acknowledge(told, answer.body.id);
      else if (answer !== undefined) told.refusal = String(answer.body.code);
      return;
    }
    const drip = runs > 1 ? { runs: String(runs), interval: '1' } : {};
    const fields = { action: 'add', service: String(service), link, quantity: String(quantity), ...drip };
    const again = wish.channel === 'v2 with request_id';
    const send = () => this.#customer.panel(again ? { ...fields, request_id: name } : fields);
    const answer = again ? await this.#definite(told, send) : await this.#once(told, send);
    if (answer?.body.order !== undefined) acknowledge(told, answer.body.order);
    else if (answer?.body.error !== undefined) told.refusal = String(answer.body.error);
  }

  /** Sends once. A request without a key must not be repeated: it would place a second order. */
  async #once(told: Told, send: () => Promise<Answer | undefined>): Promise<Answer | undefined> {
    const answer = await send();
    if (answer === undefined || answer.status >= 500) told.unanswered += 1;
    return answer?.status === 200 ? answer : undefined;
  }

  /** Repeats the request until the answer is definite, or until the time is up, though at least for `leastMs`. */
  async #definite(told: Told, send: () => Promise<Answer | undefined>, leastMs = 0): Promise<Answer | undefined> {
    const least = performance.now() + leastMs;
    while (!this.#isOver(Math.max(this.#deadline, least))) {
      const answer = await send();
      if (answer !== undefined && answer.status < 500 && answer.status !== 429) return answer;
      told.unanswered += 1;
      await delay(Math.min((answer?.retryAfter ?? 0) * 1_000, 2_000) || AGAIN_MS);
    }
    return undefined;
  }

  async #follow(told: Told, id: number): Promise<void> {
    const { wish } = told;
    await delay(wish.asksAfter);
    if (wish.asks === 'refill' && !(await this.#isCompleted(told, id))) return;
    if (this.#over) return;
    const what = wish.asks === 'refill' ? 'refill' : 'cancel';
    const path = `/v1/orders/${id}/${what === 'refill' ? 'refills' : 'cancel'}`;
    const ask = () => this.#customer.ask(path, { body: {}, idempotencyKey: `${what} ${wish.name}` });
    const answer = await this.#definite(told, ask, LAST_ANSWER_MS);
    if (answer === undefined) told.asked = { what, outcome: 'none' };
    else if (answer.status === 202) {
      told.asked = { what, outcome: 'taken', ...(what === 'refill' ? { refill: Number(answer.body.id) } : {}) };
    } else {
      const { code, detail } = answer.body;
      told.asked = { what, outcome: 'refused', code: String(code), why: String(detail ?? '') };
    }
  }

  /** Waits until the order is Completed. False when it ends otherwise or needs a person. */
  async #isCompleted(told: Told, id: number): Promise<boolean> {
    for (;;) {
      const answer = await this.#definite(told, () => this.#customer.ask(`/v1/orders/${id}`));
      if (answer === undefined || answer.status !== 200) return false;
      const { status, attention } = answer.body;
      if (status === 'Completed') return true;
      if (status === 'Partial' || status === 'Canceled' || attention !== 'none') return false;
      await delay(1_000);
    }
  }
}
