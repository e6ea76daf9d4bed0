import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** How a person works a page: with a mouse, or by keyboard alone. */
export interface Hand {
  /** Follows a link, presses a button, or opens a part that is folded. */
  press(target: Locator): Promise<void>;
  /** Replaces the text of a field. */
  fill(field: Locator, text: string): Promise<void>;
}

/** Stops of the Tab key after which a target counts as out of reach. */
const MOST_STOPS = 250;

/** The element that has the focus and does not show it; after the last stop the page itself has it. */
const UNSEEN = `
  const stop = document.activeElement;
  stop !== document.body && getComputedStyle(stop).outlineStyle === 'none' ? stop.outerHTML : ''`;

export const mouse: Hand = {
  press: (target) => target.click(),
  fill: (field, text) => field.fill(text),
};

/** A keyboard: every target must be reached by Tab, and every stop on the way must be seen. */
export function keyboardOf(page: Page): Hand {
  const focused = page.locator(':focus');

  async function reach(target: Locator): Promise<void> {
    await target.waitFor();
    for (let stop = 0; stop < MOST_STOPS; stop += 1) {
      if ((await target.and(focused).count()) > 0) return;
      await page.keyboard.press('Tab');
      expect(await page.evaluate(UNSEEN)).toBe('');
    }
    throw new Error(`the Tab key does not reach ${target}`);
  }

  return {
    press: async (target) => {
      await reach(target);
      await page.keyboard.press('Enter');
    },
    fill: async (field, text) => {
      await reach(field);
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.insertText(text);
    },
  };
}
