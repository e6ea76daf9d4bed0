import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ScriptedPanel, scriptedPanel } from '../support/peers/panel.ts';
import { placeClaim } from '../support/reads/place.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import { openPageBrowser, type PageBrowser, startChromium } from '../support/worlds/page-browser.ts';
import type { Shop } from '../support/worlds/shop.ts';

const PATIENT = { timeout: 30_000 };

let on: ApiWorld;
let chromium: Browser;
let panel: ScriptedPanel;
let provider = 0;
let waiting: number[] = [];

const place = async (shop: Shop, link: string): Promise<number> => {
  const id = await shop.claim({ link });
  await placeClaim(on.world.sql, on.world.temporal, id);
  return id;
};
const read = async (id: number) => (await on.api.v1(`/v1/admin/orders/${id}`, { key: on.staff })).body;
const becomes = (id: number, expected: object) =>
  vi.waitFor(async () => expect(await read(id)).toMatchObject(expected), { ...PATIENT, interval: 100 });

/** Ten orders that wait for a person, because their provider gives no clear answer. */
async function furnish(): Promise<void> {
  const unclear = await on.world.shop({ providers: [panel.url], service: { name: 'Instagram likes' } });
  provider = unclear.providers[0] ?? 0;
  await on.world.sql`update providers set profile = '{"breakAfter": 100}' where id = ${provider}`;
  panel.onAdd = () => ({ error: 'a hiccup <b>of the panel</b>' });
  waiting = await Promise.all(
    Array.from({ length: 10 }, (_, n) => place(unclear, `https://example.com/a-rather-long-profile-name/${n}`)),
  );
  waiting.sort((a, b) => a - b);
  for (const id of waiting) await becomes(id, { attention: 'uncertain' });
}

beforeAll(async () => {
  chromium = await startChromium();
  on = await apiWorld({ staffName: 'night shift', service: { name: 'Instagram followers' } });
  panel = await scriptedPanel();
  await furnish();
});
afterAll(async () => {
  await chromium?.close();
  await on?.close();
  await panel?.close();
});

async function signedIn(): Promise<PageBrowser> {
  const browser = await openPageBrowser(chromium);
  await browser.page.goto(`${on.api.url}/ops`);
  await browser.page.getByLabel('Staff key').fill(on.staff);
  await browser.page.getByRole('button', { name: 'Sign in' }).click();
  await browser.page.getByRole('heading', { name: 'Waiting for a person' }).waitFor();
  return browser;
}

describe('a support person, by keyboard alone', () => {
  let support: PageBrowser;
  beforeAll(async () => {
    support = await signedIn();
  });
  afterAll(() => support?.close());

  it('decides about ten orders in the queue, one after the other', async () => {
    const { page, faults } = support;
    const { keyboard } = page;
    const heading = (id: number) => page.getByRole('heading', { name: `Order ${id}` }).waitFor();
    await page.goto(`${on.api.url}/ops?provider=${provider}`);
    await keyboard.press('j');
    await keyboard.press('j');
    await keyboard.press('k');
    await keyboard.press('d');
    for (const [n, id] of waiting.entries()) {
      await heading(id);
      // The page's script, which reads the keys, runs after its heading is shown.
      await page.waitForLoadState('load');
      // Every other order is found at the provider; the others were not placed, and are given up.
      await keyboard.press(n % 2 === 0 ? '1' : '3');
      if (n % 2 === 0) {
        await keyboard.type(`found-${id}`);
        await keyboard.press('Tab');
      }
      await keyboard.type('seen at the panel');
      await keyboard.press('Enter');
    }
    await page.getByText('Nothing else waits.').waitFor();
    await page.getByText('No order on this page of the queue matches.').waitFor();
    for (const [n, id] of waiting.entries())
      await becomes(id, n % 2 === 0 ? { status: 'In progress', attention: 'none' } : { status: 'Canceled' });
    expect(faults).toEqual([]);
  });

  it('pauses a provider and resumes it', async () => {
    const { page, faults } = support;
    const { keyboard } = page;
    await page.goto(`${on.api.url}/ops/providers`);
    await keyboard.press('j');
    await keyboard.press('Enter');
    await page.getByText('Pause…').focus();
    await keyboard.press('Enter');
    await keyboard.press('Tab');
    await keyboard.press('Tab');
    await keyboard.type('maintenance there');
    await keyboard.press('Enter');
    await page.getByText('The provider is paused for 60 minutes.').waitFor();
    await page.getByRole('button', { name: 'Resume' }).focus();
    await keyboard.press('Enter');
    await page.getByText('The provider is open again.').waitFor();
    expect(faults).toEqual([]);
  });
});
