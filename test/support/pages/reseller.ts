import { readFile } from 'node:fs/promises';
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import { scaled } from '../run/scale.ts';
import type { PageBrowser } from '../worlds/page-browser.ts';
import type { Hand } from './hands.ts';

/** A reseller at the pages, and what they do there. Each act begins on a page with the menu. */
export interface Reseller {
  signIn(url: string, key: string): Promise<void>;
  /** Finds a service by a word and orders it. Returns the order's id; its page is open. */
  order(wanted: { readonly word: string; readonly link: string; readonly quantity: number }): Promise<number>;
  /** Waits until the summary of the open order says so: by itself with script, else by reloading. */
  sees(text: RegExp): Promise<void>;
  /** Unfolds an action of the open order, fills in what it asks for, and sends it. Returns the notice of its answer. */
  ask(action: string, fields?: Readonly<Record<string, string>>): Promise<string>;
  /** Sends a list of orders. Returns the text of its page once every line has its result. */
  orderList(lines: string): Promise<string>;
  /** Downloads the orders as CSV. */
  exportOrders(): Promise<string>;
}

const PATIENT = { timeout: 30_000 };
/** Lists are placed at the pace at which their orders begin. */
const LIST_PATIENT = { timeout: scaled({ gate: 30_000, release: 120_000 }) };

export interface ResellerOptions {
  readonly browser: PageBrowser;
  readonly hand: Hand;
  readonly hasScript: boolean;
}

export function resellerAt({ browser: { page }, hand, hasScript }: ResellerOptions): Reseller {
  const button = (name: string | RegExp): Locator => page.getByRole('button', { name });
  const link = (name: string | RegExp): Locator => page.getByRole('link', { name }).first();
  const menu = (name: string): Locator => page.getByRole('navigation').getByRole('link', { name, exact: true });

  /** Waits until the part has such a text; without script the page is loaded again each time. */
  const becomes = async (part: Locator, text: RegExp, patience = PATIENT): Promise<void> => {
    const read = async () => {
      if (!hasScript) await page.reload();
      return part.textContent();
    };
    await expect.poll(read, patience).toMatch(text);
  };

  return {
    signIn: async (url, key) => {
      await page.goto(`${url}/app`);
      await hand.fill(page.getByLabel('API key'), key);
      await hand.press(button('Sign in'));
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
    },
    order: async ({ word, link: target, quantity }) => {
      await hand.press(menu('New order'));
      const search = page.getByLabel('Search services');
      await search.waitFor();
      if (hasScript) await page.keyboard.press('/');
      await hand.fill(search, word);
      await hand.press(button('Search'));
      await hand.press(link(new RegExp(word)));
      await hand.fill(page.getByLabel('Link'), target);
      await hand.fill(page.getByLabel('Quantity'), String(quantity));
      const price = page.locator('#price');
      if (hasScript) await expect.poll(() => price.textContent(), PATIENT).toMatch(/\d USD for/);
      await hand.press(button('Place the order'));
      const notice = page.getByText(/^Order \d+ is placed\.$/);
      return Number(/\d+/.exec((await notice.textContent()) ?? ''));
    },
    sees: async (text) => {
      await page.evaluate('window.sameDocument = true');
      const [address, summary] = [page.url(), page.locator('#summary')];
      await becomes(summary, text);
      if (hasScript) expect([page.url(), await page.evaluate('window.sameDocument')]).toEqual([address, true]);
    },
    ask: async (action, fields = {}) => {
      const part = page.locator('details.act').filter({ has: page.locator('summary', { hasText: `${action}…` }) });
      await hand.press(part.locator('summary'));
      for (const [label, text] of Object.entries(fields)) await hand.fill(part.getByLabel(label), text);
      // The notice of the page before must not be taken for the answer.
      await page.evaluate('window.sameDocument = true');
      await hand.press(part.getByRole('button'));
      const isAnswered = () => page.evaluate('window.sameDocument !== true').catch(() => false);
      await expect.poll(isAnswered, PATIENT).toBe(true);
      return (await page.locator('.notice').textContent()) ?? '';
    },
    orderList: async (lines) => {
      await hand.press(menu('Mass order'));
      await hand.fill(page.getByLabel('Orders, one a line'), lines);
      await hand.press(button('Check'));
      await page.locator('#check').waitFor();
      await hand.press(button('Place the orders'));
      await page.getByRole('heading', { name: /^List \d+$/ }).waitFor();
      const list = page.locator('#list');
      await becomes(list, /^ended/, LIST_PATIENT);
      return (await list.textContent()) ?? '';
    },
    exportOrders: async () => {
      await hand.press(menu('Orders'));
      const downloaded = page.waitForEvent('download');
      await hand.press(link('As CSV'));
      return readFile(await (await downloaded).path(), 'utf8');
    },
  };
}
