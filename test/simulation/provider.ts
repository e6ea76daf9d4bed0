import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Chance } from './chance.ts';
import { ProviderOrder } from './provider-order.ts';

/**
 * How a provider answers a send: how likely (`weight`), whether it accepts the order, and the answer. null: it closes the
 * connection.
 */
interface Way {
  readonly weight: number;
  readonly takes: boolean;
  readonly says: ((own: string, first: string) => unknown) | null;
  readonly status?: number;
}

const error = (text: string) => () => ({ error: text });
const page = () => '<html>Bad gateway</html>';

const WAYS: Readonly<Record<string, Way>> = {
  'takes it': { weight: 72, takes: true, says: (own) => ({ order: Number(own) }) },
  'refuses it': { weight: 5, takes: false, says: error('Incorrect link') },
  'is throttled': { weight: 3, takes: false, says: error('Too many requests'), status: 429 },
  'has no funds of ours': { weight: 3, takes: false, says: error('Not enough funds on balance') },
  'runs the link already': { weight: 2, takes: false, says: error('neworder.error.link_duplicate') },
  'says what nobody knows': { weight: 2, takes: false, says: error('Something went sideways') },
  'takes it and hangs up': { weight: 3, takes: true, says: null },
  'hangs up': { weight: 3, takes: false, says: null },
  'takes it and breaks': { weight: 2, takes: true, says: page, status: 502 },
  breaks: { weight: 2, takes: false, says: page, status: 500 },
  'takes it and mumbles': { weight: 2, takes: true, says: () => ({ status: 'success' }) },
  'takes it and names another': { weight: 1, takes: true, says: (_, first) => ({ order: Number(first) }) },
};
const CHOICES = Object.entries(WAYS).map(([name, { weight }]) => [weight, name] as const);

const HOUR = 3_600_000;

/** What a provider in a brown-out answers to every send until the brown-out ends. */
const BROWN_OUTS = [
  [3, 'breaks'],
  [2, 'says what nobody knows'],
  [1, 'hangs up'],
  [1, 'takes it and breaks'],
] as const;

type Say = (answer: unknown, status?: number) => void;

/** Providers that a seed controls, over real HTTP. Their records are the truth that the checker uses. */
export class SeededProviders {
  /** The attempt being sent now, as `order/batch/attempt`. */
  sending: () => string = () => '';
  now: () => number = () => 0;
  /**
   * Whether this provider order is one of ours. A provider's wrong answer may only name an order that we already know as ours.
   */
  isOurs: (url: string, id: string) => Promise<boolean> = async () => false;
  chance: Chance | undefined;
  /** The providers behave correctly from now on. */
  calm = false;
  /** The seed's start, in milliseconds since 1970. */
  begun = 0;
  story: (line: string) => void = () => {};
  private readonly books = new Map<string, ProviderOrder[]>();
  private readonly counts = new Map<string, number>();
  private readonly server = createServer((request, response) => void this.serve(request, response));
  private address = '';

  async open(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.address = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /**
   * A different url for each seed. Our processes remember things about a url, e.g. when it may be called next, and no seed may
   * see another seed's.
   */
  url(name: string): string {
    return `${this.address}/${name}?seed=${this.chance?.seed ?? 0}`;
  }

  /** Clears everything and starts another seed. */
  begin(chance: Chance): void {
    this.chance = chance;
    this.books.clear();
    this.counts.clear();
    this.calm = false;
  }

  /** Every order that any provider has accepted. */
  get taken(): { readonly provider: string; readonly order: ProviderOrder }[] {
    return [...this.books].flatMap(([provider, orders]) => orders.map((order) => ({ provider, order })));
  }

  book(name: string): ProviderOrder[] {
    const known = this.books.get(name) ?? [];
    this.books.set(name, known);
    return known;
  }

  private nth(what: string): number {
    const count = (this.counts.get(what) ?? 0) + 1;
    this.counts.set(what, count);
    return count;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { chance } = this;
    const name = new URL(request.url ?? '', this.address).pathname.slice(1);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
    if (chance === undefined) throw new Error('no seed');
    const say: Say = (answer, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    };
    switch (call.action) {
      case 'add':
        return this.add(chance, name, call, response, say);
      case 'cancel': {
        const order = this.book(name).find(({ id }) => id === call.orders);
        const heard = order?.stop(chance, this.now()) === true;
        this.story(`${name}: asked to stop ${call.orders}: ${heard ? 'yes' : 'no'}`);
        return say([{ order: call.orders, cancel: heard ? 1 : { error: 'Order cannot be canceled' } }]);
      }
      case 'refill': {
        const ids = (call.orders ?? call.order ?? '').split(',');
        const rows = ids.map((order) => {
          const refuses = !this.calm && chance.occurs(0.3, 'refuses a refill', name, order);
          return {
            order,
            refill: refuses ? { error: 'Refill is not available' } : Number(`9${order}${this.nth(`refill ${name}`)}`),
          };
        });
        return say(call.orders === undefined ? rows[0] : rows);
      }
      case 'refill_status':
        return say((call.refills ?? '').split(',').map((refill) => ({ refill, status: 'Completed' })));
      case 'orders': {
        const rows = this.book(name).map(({ id, service, link, quantity, acceptedAt }) => ({
          order: id,
          service,
          link,
          quantity,
          created: new Date(acceptedAt).toISOString(),
          status: 'In progress',
        }));
        return say({
          orders: [...rows].reverse().slice(Number(call.offset), Number(call.offset) + Number(call.limit)),
        });
      }
      default: {
        const look = this.nth(`status ${name}`);
        if (!this.calm && chance.occurs(0.03, 'nonsense', name, look)) return say('<html>Bad gateway</html>', 502);
        const rows = (call.orders ?? '').split(',').map((id) => {
          const row = this.book(name)
            .find((one) => one.id === id)
            ?.row(chance, this.now(), look, this.calm);
          return [id, row] as const;
        });
        return say(Object.fromEntries(rows.filter(([, row]) => row !== undefined)));
      }
    }
  }

  /** How a provider answers every send during its brown-out; undefined outside it. */
  private brownOut(chance: Chance, name: string): string | undefined {
    if (!chance.occurs(0.3, 'brown-out', name)) return undefined;
    const from = this.begun + chance.between(0, 4, 'brown-out from', name) * HOUR;
    const to = from + chance.between(1, 6, 'brown-out for', name) * HOUR;
    if (this.now() < from || this.now() >= to) return undefined;
    this.story(`${name}: brown-out`);
    return chance.pick<string>(BROWN_OUTS, 'brown-out as', name);
  }

  private async add(
    chance: Chance,
    name: string,
    { service = '', link = '', quantity }: Readonly<Record<string, string>>,
    response: ServerResponse,
    say: Say,
  ): Promise<void> {
    const sentFor = this.sending();
    const times = this.nth(`add ${sentFor}`);
    const how = this.calm ? 'takes it' : (this.brownOut(chance, name) ?? chance.pick(CHOICES, 'add', sentFor, times));
    this.story(`${name}: is sent ${sentFor}${times > 1 ? `, time ${times}` : ''}: ${how}`);
    const { takes, says, status } = WAYS[how] as Way;
    const book = this.book(name);
    const first = book[0] !== undefined && (await this.isOurs(this.url(name), book[0].id)) ? book[0].id : undefined;
    const id = String(5_000 + book.length + 1);
    if (takes) {
      const order = new ProviderOrder(chance, {
        id,
        sentFor,
        service,
        link,
        quantity: Number(quantity),
        at: this.now(),
      });
      if (this.calm) order.hurry(this.now());
      book.push(order);
    }
    if (status === 429 && times % 2 === 0) response.setHeader('retry-after', '600');
    if (says === null) response.destroy();
    else say(says(id, first ?? id), status);
  }
}
