import { writeFile } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const FOLDER = new URL('../../../docs/pages/', import.meta.url);

/** Texts that would reveal the machine on which a picture was made. */
const MACHINE = [hostname(), homedir(), process.cwd()];

/** Pixels of a picture's height; what is below is cut off. */
const MOST_HEIGHT = 1_100;
const QUALITY = 70;

/**
 * Takes a picture of the shown page for docs/pages.md; saved only with `UPDATE_SCREENSHOTS=1`. Fails when the page shows anything about
 * the machine.
 */
export async function takePicture(page: Page, name: string): Promise<void> {
  const words = (await page.locator('body').textContent()) ?? '';
  expect(MACHINE.filter((word) => words.includes(word))).toEqual([]);
  if (process.env.UPDATE_SCREENSHOTS !== '1') return;
  const [width, height] = await page.evaluate<[number, number]>(
    '[innerWidth, Math.max(document.documentElement.scrollHeight, innerHeight)]',
  );
  const browser = await page.context().newCDPSession(page);
  const { data } = await browser.send('Page.captureScreenshot', {
    format: 'webp',
    quality: QUALITY,
    captureBeyondViewport: true,
    clip: { x: 0, y: 0, width, height: Math.min(height, MOST_HEIGHT), scale: 1 },
  });
  await browser.detach();
  await writeFile(new URL(`${name}.webp`, FOLDER), data, 'base64');
}
