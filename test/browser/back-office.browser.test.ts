import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { countDay, countMoney } from '../../db/report/days.ts';
import { running } from '../support/engines/running.ts';
import { end } from '../support/reads/books.ts';
import { untilProved } from '../support/reads/proved.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import { openPageBrowser, type PageBrowser, startChromium } from '../support/worlds/page-browser.ts';

const today = new Date().toISOString().slice(0, 10);

let opened: ApiWorld;
let chromium: Browser;
beforeAll(async () => {
  chromium = await startChromium();
  opened = await apiWorld({ workers: false, staffName: 'night shift', service: { name: 'Instagram followers' } });
  const { world, shop } = opened;
  const [provider = 0] = shop.providers;
  await world.sql`insert into routes (service_id, position, provider_id, provider_service, rate)
    values (${shop.service}, 2, ${provider}, '42', 60000)`;
  const id = await shop.order();
  await running(world.sql, id, `up-${id}`);
  const costs = [{ batch: 1, cost: '50000000', raw: null }];
  await end(world.sql, id, 1_000, { at: new Date(), ends: [{ batch: 1, delivered: 1_000 }], costs });
  await untilProved(world.sql);
  while ((await countMoney(world.sql, 100)) > 0);
  await countDay(world.sql, today, new Date());
});
afterAll(async () => {
  await chromium?.close();
  await opened?.close();
});

async function signIn({ page }: PageBrowser): Promise<void> {
  await page.goto(`${opened.api.url}/ops/services`);
  await page.getByLabel('Staff key').fill(opened.staff);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Services' }).waitFor();
}

it('a member of staff edits a service, moves its routes by keys alone, and reads what it earns', async () => {
  const browser = await openPageBrowser(chromium);
  const { page, faults } = browser;
  await signIn(browser);
  await page.keyboard.press('/');
  await page.keyboard.type('followers');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Instagram followers' }).click();
  await page.getByLabel('Rate', { exact: true }).fill('0.95');
  await page.locator('summary', { hasText: 'Routing and runs' }).click();
  await page.getByLabel('A send takes the route that is').selectOption('cheapest');
  await page.getByRole('button', { name: 'Save the terms' }).click();
  await page.getByText('Saved: Rate, A send takes the route that is.').waitFor();
  const first = page.getByLabel('Service of route 1');
  expect(await first.inputValue()).toBe('1');
  await page.getByRole('button', { name: 'Down route 1' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Route 1 is now route 2.').waitFor();
  expect(await first.inputValue()).toBe('42');
  // The moved route's button has the focus, so that the same key goes on.
  await page.locator('[aria-label="Up route 2"]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('Route 2 is now route 1.').waitFor();
  expect(await first.inputValue()).toBe('1');
  await page.getByRole('link', { name: 'Reports' }).click();
  await page.locator('.chart canvas').waitFor();
  await page.getByLabel('By').selectOption('service');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByRole('row', { name: /Instagram followers.*0\.90.*0\.50.*0\.40.*100 %/ }).waitFor();
  expect(faults).toEqual([]);
  await browser.close();
});
