import { expect, vi } from 'vitest';
import { type ApiWorld, apiWorld } from './api-world.ts';
import { PATIENT } from './placing.ts';
import { hiddenFields, openVisitor, type Shown, type Visitor } from './visitor.ts';

/** Names, links and references have it, so that a page which writes them as they are would run it. */
export const SCRIPT = '<script>alert(1)</script>';

type Fields = Readonly<Record<string, string>>;

/** A reseller who is signed in at the pages, in a browser without script, and has placed one order. */
export class ResellerDesk {
  readonly on: ApiWorld;
  readonly customer: Visitor;
  /** The order that was placed first; its provider completes it at once. */
  order = 0;

  private constructor(on: ApiWorld) {
    this.on = on;
    this.customer = openVisitor(on.api.url);
  }

  static async open(): Promise<ResellerDesk> {
    const on = await apiWorld({ service: { name: `Followers ${SCRIPT}`, category: SCRIPT, refill_days: 30 } });
    const desk = new ResellerDesk(on);
    await desk.customer.signIn(on.key);
    desk.order = await desk.place(`https://example.com/p/1?sim=seconds:1&x=${SCRIPT}`, { reference: SCRIPT });
    return desk;
  }

  close(): Promise<void> {
    return this.on.close();
  }

  /** Path of the form for a new order of the first service. */
  get newOrder(): string {
    return `/app/new?service=${this.on.shop.service}`;
  }

  /** The hidden fields of a page, with others. */
  async fields(path: string, more: Fields = {}): Promise<Record<string, string>> {
    return { ...hiddenFields((await this.customer.get(path)).html), ...more };
  }

  /** Sends a form, and again with its key while the server is too busy or does not know the outcome, as the page asks. */
  send(path: string, fields: Fields): Promise<Shown> {
    return vi.waitFor(
      async () => {
        const answer = await this.customer.post(path, fields);
        expect(answer.status).toBeLessThan(500);
        expect(answer.html).not.toContain('are not known yet');
        return answer;
      },
      { timeout: 60_000, interval: 500 },
    );
  }

  /** Sends a form with several marked orders. */
  async sendMarked(path: string, fields: Fields, ids: readonly number[]): Promise<{ location: string; html: string }> {
    const { api } = this.on;
    const body = new URLSearchParams(fields);
    for (const id of ids) body.append('id', String(id));
    const answer = await fetch(api.url + path, {
      method: 'POST',
      headers: { cookie: this.customer.cookieHeader(), origin: api.url },
      redirect: 'manual',
      body,
    });
    return { location: answer.headers.get('location') ?? '', html: await answer.text() };
  }

  /** Places an order by the form, which is sent again while the outcome is not known; returns the order's id. */
  async place(link: string, more: Fields = {}): Promise<number> {
    const fields = await this.fields(this.newOrder, { link, quantity: '1000', ...more });
    const location = await vi.waitFor(async () => {
      const answer = await this.send(this.newOrder, fields);
      expect(answer.location).toMatch(/^\/app\/orders\/\d+$/);
      return answer.location;
    }, PATIENT);
    return Number(location.split('/').at(-1));
  }

  /** The account's last 100 orders, by REST v1. */
  async orders(): Promise<{ id: number; link: string }[]> {
    const { body } = await this.on.api.v1('/v1/orders?limit=100', { key: this.on.key });
    return body.data as { id: number; link: string }[];
  }

  /** Waits until an order has this status. */
  statusBecomes(id: number, status: string): Promise<void> {
    const read = async () => (await this.on.api.v1(`/v1/orders/${id}`, { key: this.on.key })).body.status;
    return expect.poll(read, { timeout: 30_000 }).toBe(status);
  }
}
