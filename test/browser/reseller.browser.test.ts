import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyboardOf, mouse } from '../support/pages/hands.ts';
import { type Reseller, resellerAt } from '../support/pages/reseller.ts';
import { WIDTHS } from '../support/pages/shown-pages.ts';
import { first, scaled } from '../support/run/scale.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import { openPageBrowser, type PageBrowser, startChromium } from '../support/worlds/page-browser.ts';
import { mustPlace } from '../support/worlds/placing.ts';
import { addService } from '../support/worlds/shop.ts';

const PATIENT = { timeout: 30_000 };

/** A way to use the pages: the theme, the width, the hand, and whether scripts run. */
type Way = readonly ['light' | 'dark', keyof typeof WIDTHS, 'mouse' | 'keyboard', 'script' | 'no script'];

/** In the gate every theme, width, hand, and script on and off, in two walks. In the release all together. */
const WAYS = first<Way>(2, [
  ['dark', 'phone', 'keyboard', 'script'],
  ['light', 'desktop', 'mouse', 'no script'],
  ['light', 'desktop', 'mouse', 'script'],
  ['dark', 'desktop', 'mouse', 'no script'],
  ['light', 'phone', 'keyboard', 'no script'],
  ['light', 'phone', 'mouse', 'script'],
  ['dark', 'desktop', 'keyboard', 'script'],
  ['dark', 'phone', 'mouse', 'no script'],
  ['light', 'desktop', 'keyboard', 'no script'],
]);

/** Lines of the list, and how many of them are orders; the others are refused for what they are. */
const LINES = 200;
const ORDERED_LINES = scaled({ gate: 3, release: LINES });

let opened: ApiWorld;
let chromium: Browser;
beforeAll(async () => {
  opened = await apiWorld({ service: { name: 'Instagram followers', refill_days: 30 } });
  await addService(opened.world.sql, opened.shop.providers, { name: 'Instagram followers, slow' });
  chromium = await startChromium();
});
afterAll(async () => {
  await chromium?.close();
  await opened?.close();
});

describe.each(WAYS)('a reseller in the %s theme on a %s with %s and %s', (...way) => {
  const [colorScheme, device, hand, script] = way;
  const hasScript = script === 'script';
  const link = (name: string, sim: string) =>
    `https://example.com/${[...way, name].join('-').replace(' ', '-')}?sim=${sim}`;
  let browser: PageBrowser;
  let reseller: Reseller;

  beforeAll(async () => {
    const viewport = { width: WIDTHS[device], height: 800 };
    browser = await openPageBrowser(chromium, { colorScheme, viewport, javaScriptEnabled: hasScript });
    reseller = resellerAt({ browser, hasScript, hand: hand === 'mouse' ? mouse : keyboardOf(browser.page) });
    await reseller.signIn(opened.api.url, opened.key);
  });
  afterAll(async () => {
    await browser?.close();
    expect(browser?.faults).toEqual([]);
  });

  const order = (name: string, sim: string) =>
    reseller.order({ word: 'Instagram followers', link: link(name, sim), quantity: 1_000 });

  it('finds a service, orders it, sees it become Completed, and asks for a refill', async () => {
    const id = await order('completed', 'seconds:2,onrefill:3600');
    await reseller.sees(/Completed.*1,000 \/ 1,000/s);
    expect(await reseller.ask('Refill', { 'Reason (optional)': 'some left' })).toMatch(
      /^Refill: refill \d+ is requested\.$/,
    );
    expect(browser.page.url()).toBe(`${opened.api.url}/app/orders/${id}`);
  });

  it('cancels an order that is being delivered, and orders the rest on another service', async () => {
    const id = await order('canceled', 'stall:400,speed:1000');
    await reseller.sees(/In progress.*400 \/ 1,000/s);
    expect(await reseller.ask('Cancel')).toMatch(/^Cancel: /);
    await reseller.sees(/Partial.*400 \/ 1,000/s);
    expect(await reseller.ask('Reorder the rest')).toMatch(
      new RegExp(`^Reorder the rest: order \\d+ orders the rest of order ${id}\\.$`),
    );
    await reseller.sees(/\/ 600/);
  });

  it('orders a list of 200 lines, and exports all orders', async () => {
    const line = (n: number) => `${opened.shop.service}|${link(`line-${n}`, 'seconds:1')}|10`;
    const lines = Array.from({ length: LINES }, (_, n) => (n < ORDERED_LINES ? line(n) : `line ${n}`));
    expect(await reseller.orderList(lines.join('\n'))).toMatch(
      new RegExp(`Placed${ORDERED_LINES}Refused${LINES - ORDERED_LINES}Waiting0`),
    );
    const rows = (await reseller.exportOrders()).trim().split('\r\n');
    expect(rows[0]).toMatch(/^id,status,/);
    expect(rows.filter((row) => row.includes(link('line', '').split('?')[0] ?? ''))).toHaveLength(ORDERED_LINES);
  });
});

describe('an open page', () => {
  let reseller: PageBrowser;
  beforeAll(async () => {
    reseller = await openPageBrowser(chromium);
    await resellerAt({ browser: reseller, hand: mouse, hasScript: true }).signIn(opened.api.url, opened.key);
  });
  afterAll(() => reseller?.close());

  it('changes a row in place, keeps its mark, and counts new orders', async () => {
    const { page, faults } = reseller;
    const place = (link: string) => {
      const body = { service: opened.shop.service, link, quantity: 1000 };
      return mustPlace(opened.api, { key: opened.key, body, idempotencyKey: link });
    };
    const id = await place('https://example.com/p/2?sim=delay:1500,seconds:3');
    await page.goto(`${opened.api.url}/app/orders`);
    const row = page.locator(`#order-${id}`);
    await row.getByRole('checkbox').check();
    await expect.poll(() => row.textContent(), PATIENT).toContain('Completed');
    expect(await row.getByRole('checkbox').isChecked()).toBe(true);
    await place('https://example.com/p/4?sim=seconds:1');
    await page.getByRole('link', { name: '1 new' }).waitFor();
    expect(faults).toEqual([]);
  });

  it('says that its stream is away, and that it is back', async () => {
    const { page } = reseller;
    await page.route('**/orders/live?*', (route) => route.abort());
    await page.goto(`${opened.api.url}/app/orders`);
    const live = page.locator('.live');
    await expect.poll(() => live.textContent(), PATIENT).toBe('reconnecting…');
    await page.unroute('**/orders/live?*');
    await expect.poll(() => live.textContent(), PATIENT).toBe('live');
  });

  it('connects again after an answer that is no stream, and says that it is live again', async () => {
    const person = await openPageBrowser(chromium);
    const { page, close } = person;
    await resellerAt({ browser: person, hand: mouse, hasScript: true }).signIn(opened.api.url, opened.key);
    await page.clock.install();
    let refused = 0;
    await page.route('**/orders/live?*', (route) => {
      refused += 1;
      return route.fulfill({ status: 503, contentType: 'text/html', body: '<h1>Not available</h1>' });
    });
    await page.goto(`${opened.api.url}/app/orders`);
    const live = page.locator('.live');
    await expect.poll(() => live.textContent(), PATIENT).toBe('not live: reload the page');
    expect(refused).toBe(1);
    await page.clock.fastForward(10_000);
    await expect.poll(() => refused, PATIENT).toBe(2);
    await page.unroute('**/orders/live?*');
    // The second wait is twice as long as the first.
    const afterMore = async () => {
      await page.clock.fastForward(10_000);
      return live.textContent();
    };
    await expect.poll(afterMore, PATIENT).toBe('live');
    await close();
  });

  it('copies the text of a field as it was edited', async () => {
    const person = await openPageBrowser(chromium, { permissions: ['clipboard-read', 'clipboard-write'] });
    const { page, close } = person;
    await resellerAt({ browser: person, hand: mouse, hasScript: true }).signIn(opened.api.url, opened.key);
    const id = await opened.shop.order({ link: 'https://example.com/copied' });
    await page.goto(`${opened.api.url}/app/orders/copy?ids=${id}`);
    const lines = page.getByLabel('Lines of a mass order');
    const edited = `${await lines.inputValue()}0`;
    await lines.fill(edited);
    await page.getByRole('button', { name: 'Copy' }).first().click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(edited);
    await close();
  });

  it('lists its keys with ?, and closes the list with Escape', async () => {
    const { page } = reseller;
    await page.goto(`${opened.api.url}/app/orders`);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' });
    await page.getByRole('checkbox').first().focus();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Keyboard' }).click();
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  });

  it('keeps the price as a part when the server refuses to renew it, and asks again', async () => {
    const { page } = reseller;
    await page.route('**/app/new/price?*', (route) =>
      route.fulfill({ status: 503, contentType: 'text/html', body: '<main><h1>Not available</h1></main>' }),
    );
    await page.goto(`${opened.api.url}/app/new?service=${opened.shop.service}`);
    const refused = page.waitForResponse('**/app/new/price?*');
    await page.getByLabel('Quantity').fill('1000');
    await refused;
    await page.unroute('**/app/new/price?*');
    await page.getByLabel('Quantity').fill('2000');
    await expect.poll(() => page.locator('#price').textContent(), PATIENT).toMatch(/\d USD for 2,000/);
    expect(await page.getByRole('heading', { name: 'Not available' }).count()).toBe(0);
  });

  it('gives the focus to the notice of a form, and downloads a result as often as asked', async () => {
    const { page } = reseller;
    await page.goto(`${opened.api.url}/app/orders`);
    await page.locator('summary', { hasText: 'Paste ids' }).click();
    await page.getByLabel('Ids of orders').fill(Array.from({ length: 301 }, (_, n) => n + 1).join(' '));
    await page.getByRole('button', { name: 'Find' }).click();
    await page.locator('.notice:focus', { hasText: 'These are 301 ids' }).waitFor();
    await page.goto(`${opened.api.url}/app/mass`);
    await page.getByLabel('Orders, one a line').fill('not a line');
    await page.getByRole('button', { name: 'Place the orders' }).click();
    for (let time = 0; time < 2; time += 1) {
      const downloaded = page.waitForEvent('download');
      await page.getByRole('button', { name: 'As CSV' }).click();
      await downloaded;
    }
  });
});
