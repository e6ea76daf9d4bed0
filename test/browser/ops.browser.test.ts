import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { addCalls } from '../../db/provider/calls.ts';
import { raiseAlert } from '../../db/reconcile/alerts.ts';
import { withOne } from '../../domain/report/histogram.ts';
import { type ScriptedPanel, scriptedPanel } from '../support/peers/panel.ts';
import { placeClaim } from '../support/reads/place.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import { openPageBrowser, type PageBrowser, startChromium } from '../support/worlds/page-browser.ts';
import type { Shop } from '../support/worlds/shop.ts';

const PATIENT = { timeout: 30_000 };

let on: ApiWorld;
let chromium: Browser;
let panel: ScriptedPanel;
/** Its provider gives no clear answer, so its orders wait for a person. */
let unclear: Shop;
let provider = 0;
let waiting: number[] = [];
let stalled = 0;

const place = async (shop: Shop, link: string): Promise<number> => {
  const id = await shop.claim({ link });
  await placeClaim(on.world.sql, on.world.temporal, id);
  return id;
};
const read = async (id: number) => (await on.api.v1(`/v1/admin/orders/${id}`, { key: on.staff })).body;
const becomes = (id: number, expected: object) =>
  vi.waitFor(async () => expect(await read(id)).toMatchObject(expected), { ...PATIENT, interval: 100 });

/** Something to see on every page: orders that wait for several reasons, calls of a provider, a word that is not known. */
async function furnish(): Promise<void> {
  const { sql } = on.world;
  unclear = await on.world.shop({ providers: [panel.url], service: { name: 'Instagram likes' } });
  provider = unclear.providers[0] ?? 0;
  await sql`update providers set profile = '{"breakAfter": 100, "lowBalance": "50", "statusWords": {"Selesai": "Completed"}}' where id = ${provider}`;
  panel.onAdd = () => ({ error: 'a hiccup <b>of the panel</b>' });
  waiting = await Promise.all(
    Array.from({ length: 10 }, (_, n) => place(unclear, `https://example.com/a-rather-long-profile-name/${n}`)),
  );
  waiting.sort((a, b) => a - b);
  stalled = await place(on.shop, 'https://example.com/slow?sim=stall:400,speed:1000');
  const paused = await place(on.shop, 'https://example.com/paused?sim=stall:200,speed:1000');
  await place(on.shop, 'https://example.com/done?sim=seconds:1');
  for (const id of waiting) await becomes(id, { attention: 'uncertain' });
  await becomes(stalled, { delivered: 400 });
  await becomes(paused, { delivered: 200 });
  const reason = 'the profile is private';
  await on.api.v1(`/v1/admin/orders/${paused}/pause`, { key: on.staff, body: { reason } });
  await becomes(paused, { attention: 'paused' });
  const detail = 'provider says "Sedang jalan" for 3 orders; teach the word with statusWords';
  await raiseAlert(sql, { kind: 'provider_word', subject: `word:${provider}:sedangjalan`, detail });
  const minute = Math.floor(Date.now() / 60_000) * 60_000;
  await addCalls(
    sql,
    [0, 60, 120, 180].flatMap((ago) =>
      ['add', 'status'].map((action) => ({
        provider,
        minute: minute - ago * 60_000,
        action,
        answered: 40 + ago,
        errors: ago === 60 ? 12 : 0,
        notSent: 1,
        noAnswer: 2,
        latency: withOne([], 180 + ago),
      })),
    ),
  );
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

async function signedIn(options: BrowserContextOptions = {}): Promise<PageBrowser> {
  const browser = await openPageBrowser(chromium, options);
  await browser.page.goto(`${on.api.url}/ops`);
  await browser.page.getByLabel('Staff key').fill(on.staff);
  await browser.page.getByRole('button', { name: 'Sign in' }).click();
  await browser.page.getByRole('heading', { name: 'Waiting for a person' }).waitFor();
  return browser;
}

/** Every page of staff, with something to see on it. */
const addresses = (): string[] => [
  '',
  `?attention=uncertain&provider=${provider}`,
  `/decide/${waiting[0]}`,
  `/decide/${stalled}`,
  `/decide?of=selected&id=${waiting[0]}&id=${waiting[1]}&action=cancel`,
  '/orders',
  `/orders?status=Completed`,
  `/orders/act?of=selected&id=${stalled}&action=pause`,
  `/orders/${waiting[0]}`,
  `/orders/${stalled}?workflow=1`,
  '/stuck',
  '/providers',
  `/providers/${provider}`,
  '/sessions',
  '/nothing',
];

describe.each([
  ['light', 1440],
  ['dark', 390],
] as const)('in the %s theme, %i pixels wide', (colorScheme, width) => {
  let reader: PageBrowser;
  beforeAll(async () => {
    reader = await signedIn({ colorScheme, viewport: { width, height: 900 } });
  });
  afterAll(() => reader?.close());

  it('every page is accessible, fits its width, and keeps to its policy', async () => {
    const { page, faults, brokenRules } = reader;
    for (const address of addresses()) {
      const answer = await page.goto(`${on.api.url}/ops${address}`);
      expect.soft([address, answer?.status()]).toEqual([address, address === '/nothing' ? 404 : 200]);
      expect.soft([address, await brokenRules()]).toEqual([address, []]);
      expect
        .soft([address, await page.evaluate('document.documentElement.scrollWidth > innerWidth')])
        .toEqual([address, false]);
    }
    expect(faults).toEqual([]);
  });
});

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
