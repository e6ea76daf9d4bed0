import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takePicture } from '../support/pages/pictures.ts';
import { CUSTOMER_VIEWS, type ShownPage, STAFF_VIEWS, WIDTHS } from '../support/pages/shown-pages.ts';
import { openShowroom, type Showroom } from '../support/pages/showroom.ts';
import { first } from '../support/run/scale.ts';
import { openPageBrowser, type PageBrowser, startChromium } from '../support/worlds/page-browser.ts';

/**
 * Every page in both themes and at both widths; in the gate as it is hardest, dark on a phone. With `UPDATE_SCREENSHOTS=1` the first
 * two also make the pictures of docs/pages.md.
 */
const LOOKS = first(1, [
  ['dark', 'phone'],
  ['light', 'desktop'],
  ['light', 'phone'],
  ['dark', 'desktop'],
] as const);

const OVERFLOWS = 'document.documentElement.scrollWidth > innerWidth';
/** Opens every part that is folded, so that its forms are looked at too. */
const UNFOLD = 'for (const part of document.querySelectorAll("main details")) part.open = true';

let showroom: Showroom;
let chromium: Browser;
beforeAll(async () => {
  showroom = await openShowroom();
  chromium = await startChromium();
});
afterAll(async () => {
  await chromium?.close();
  await showroom?.close();
});

describe.each(LOOKS)('in the %s theme on a %s', (colorScheme, device) => {
  let reader: PageBrowser;
  beforeAll(async () => {
    const viewport = { width: WIDTHS[device], height: 800 };
    reader = await openPageBrowser(chromium, { colorScheme, viewport });
  });
  afterAll(() => reader?.close());

  const isPictured = LOOKS.slice(0, 2).some((look) => look[0] === colorScheme && look[1] === device);

  /** Opens each page, the first one before the sign-in. */
  async function lookAt([signIn, ...pages]: readonly ShownPage[], key: string): Promise<void> {
    const { page, brokenRules } = reader;
    const look = async ({ name, path, isUnpictured = false }: ShownPage): Promise<void> => {
      const answer = await page.goto(showroom.address(path));
      await page.locator('.live:not([data-state=open])').waitFor({ state: 'detached' });
      if (isPictured && !isUnpictured) await takePicture(page, `${name}-${device}`);
      const folded = await page.evaluate(OVERFLOWS);
      await page.evaluate(UNFOLD);
      const seen = { broken: await brokenRules(), overflows: [folded, await page.evaluate(OVERFLOWS)] };
      const status = path.endsWith('/nothing') ? 404 : 200;
      expect.soft([name, answer?.status(), seen]).toEqual([name, status, { broken: [], overflows: [false, false] }]);
    };
    if (signIn !== undefined) await look(signIn);
    await page.getByLabel(/key$/).fill(key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    for (const one of pages) await look(one);
  }

  it('every page of a customer is accessible, fits its width, and keeps to its policy', async () => {
    await lookAt(CUSTOMER_VIEWS, showroom.key);
    expect(reader.faults).toEqual([]);
  });

  it('every page of staff is accessible, fits its width, and keeps to its policy', async () => {
    await lookAt(STAFF_VIEWS, showroom.staff);
    expect(reader.faults).toEqual([]);
  });
});
