import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import { openPageBrowser, type PageBrowser } from '../support/worlds/page-browser.ts';

const PATIENT = { timeout: 30_000 };

let opened: ApiWorld;
beforeAll(async () => {
  opened = await apiWorld({ service: { name: 'Instagram followers', refill_days: 30 } });
});
afterAll(() => opened?.close());

async function signedIn(options: Parameters<typeof openPageBrowser>[0] = {}): Promise<PageBrowser> {
  const browser = await openPageBrowser(options);
  await browser.page.goto(`${opened.api.url}/app`);
  await browser.page.getByLabel('API key').fill(opened.key);
  await browser.page.getByRole('button', { name: 'Sign in' }).click();
  await browser.page.getByRole('heading', { name: 'Overview' }).waitFor();
  return browser;
}

describe('a reseller', () => {
  let reseller: PageBrowser;
  beforeAll(async () => {
    reseller = await signedIn();
  });
  afterAll(() => reseller?.close());

  it('signs in, finds a service, sees the price, places an order, and sees it become Completed without a reload', async () => {
    const { page, faults } = reseller;
    await page.getByRole('link', { name: 'New order' }).first().click();
    await page.keyboard.press('/');
    await page.keyboard.type('followers');
    await page.keyboard.press('Enter');
    await page
      .getByRole('link', { name: /Instagram followers/ })
      .first()
      .click();
    await page.getByLabel('Link').fill('https://example.com/p/1?sim=seconds:3');
    await page.getByLabel('Quantity').fill('1500');
    await expect.poll(() => page.locator('#price').textContent(), PATIENT).toContain('1.35 USD');
    await page.getByRole('button', { name: 'Place the order' }).click();
    await page.getByText(/^Order \d+ is placed\.$/).waitFor();
    const address = page.url();
    await page.evaluate('window.sameDocument = true');
    await expect.poll(() => page.locator('#summary').textContent(), PATIENT).toMatch(/Completed.*1,500 \/ 1,500/s);
    expect([page.url(), await page.evaluate('window.sameDocument')]).toEqual([address, true]);
    expect(await page.locator('.live').textContent()).toBe('live');
    expect(faults).toEqual([]);
  });

  it('sees a row of the list change in place, with its mark kept', async () => {
    const { page, faults } = reseller;
    const body = {
      service: opened.shop.service,
      link: 'https://example.com/p/2?sim=delay:1500,seconds:3',
      quantity: 1000,
    };
    const { id } = (await opened.api.v1('/v1/orders', { key: opened.key, body, idempotencyKey: 'a row' })).body;
    await page.goto(`${opened.api.url}/app/orders`);
    const row = page.locator(`#order-${id}`);
    await row.getByRole('checkbox').check();
    await expect.poll(() => row.textContent(), PATIENT).toContain('Completed');
    expect(await row.getByRole('checkbox').isChecked()).toBe(true);

    const another = { ...body, link: 'https://example.com/p/4?sim=seconds:1' };
    await opened.api.v1('/v1/orders', { key: opened.key, body: another, idempotencyKey: 'a new one' });
    await page.getByRole('link', { name: '1 new' }).waitFor();
    expect(faults).toEqual([]);
  });

  it('is told that the stream is away, and that it is back', async () => {
    const { page } = reseller;
    await page.route('**/orders/live?*', (route) => route.abort());
    await page.goto(`${opened.api.url}/app/orders`);
    const live = page.locator('.live');
    await expect.poll(() => live.textContent(), PATIENT).toBe('reconnecting…');
    await page.unroute('**/orders/live?*');
    await expect.poll(() => live.textContent(), PATIENT).toBe('live');
  });

  it('opens the list of keys with ?, and closes it with Escape', async () => {
    const { page } = reseller;
    await page.goto(`${opened.api.url}/app/orders`);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' });
  });
});

it('without script, a reseller places an order and cancels it', async () => {
  const { page, faults, close } = await signedIn({ javaScriptEnabled: false });
  await page.goto(`${opened.api.url}/app/new?service=${opened.shop.service}`);
  await page.getByLabel('Link').fill('https://example.com/p/3?sim=stall:400,speed:1000');
  await page.getByLabel('Quantity').fill('1000');
  await page.getByRole('button', { name: 'Place the order' }).click();
  await page.getByText(/^Order \d+ is placed\.$/).waitFor();
  await page.getByText('Cancel…').click();
  await page.getByRole('button', { name: /^Cancel order \d+$/ }).click();
  await page
    .getByRole('status')
    .filter({ hasText: /^Cancel: / })
    .waitFor();
  await expect
    .poll(async () => {
      await page.reload();
      return page.locator('#summary').textContent();
    }, PATIENT)
    .toMatch(/Partial|Canceled/);
  expect(faults).toEqual([]);
  await close();
});

describe.each([
  ['light', 1440],
  ['dark', 390],
] as const)('in the %s theme, %i pixels wide', (colorScheme, width) => {
  let reader: PageBrowser;
  beforeAll(async () => {
    reader = await openPageBrowser({ colorScheme, viewport: { width, height: 900 } });
  });
  afterAll(() => reader?.close());

  it('every page is accessible, fits its width, and keeps to its policy', async () => {
    const { page, faults, brokenRules } = reader;
    await page.goto(`${opened.api.url}/app`);
    expect(await brokenRules()).toEqual([]);
    await page.getByLabel('API key').fill(opened.key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    const { service } = opened.shop;
    const { data } = (await opened.api.v1('/v1/orders?limit=1', { key: opened.key })).body as {
      data: { id: number }[];
    };
    const addresses = [
      '',
      '/orders',
      `/orders/${data[0]?.id}`,
      '/new',
      `/new?service=${service}`,
      '/mass',
      '/refills',
    ].concat(['/services', `/services/${service}`, '/statement', '/developers', '/keys', '/sessions', '/nothing']);
    for (const address of addresses) {
      await page.goto(`${opened.api.url}/app${address}`);
      expect([address, await brokenRules()]).toEqual([address, []]);
      expect([address, await page.evaluate('document.documentElement.scrollWidth > innerWidth')]).toEqual([
        address,
        false,
      ]);
    }
    await page.goto(`${opened.api.url}/ops`);
    await page.getByLabel('Staff key').fill(opened.staff);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Waiting for a person' }).waitFor();
    expect(await brokenRules()).toEqual([]);
    expect(faults).toEqual([]);
  });
});
