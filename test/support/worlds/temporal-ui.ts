import { homedir, hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { ensureChromium } from '../../../dev/engines/chromium.ts';
import { orderWorkflowId } from '../../../workflows/contract.ts';

const IMAGES = new URL('../../../docs/images/', import.meta.url);
const VIEWPORT = { width: 1280, height: 720 };

/** Texts that would reveal the machine on which a picture for the docs was made. */
const MACHINE = [hostname(), homedir(), process.cwd(), `${process.pid}@`];

type Kind = 'Signal' | 'Update';

/** The Temporal UI in a real browser, with the actions of a support person. */
export interface TemporalUi {
  readonly page: Page;
  /** Opens the list of workflows with this filter, as a saved view does. Returns the orders in it. */
  find(query: string): Promise<string[]>;
  /** Clicks on an order in the list. */
  choose(orderId: number): Promise<void>;
  /** Goes to an order by its id. */
  open(orderId: number): Promise<void>;
  /** Loads the current details of the open order. */
  details(): Promise<string>;
  /** Whether the shown details fit into their frame. */
  showsAllDetails(): Promise<boolean>;
  /** Opens the dialog. Returns its messages with their descriptions. */
  list(kind: Kind): Promise<string[]>;
  /** Fills in the dialog without sending. Without `json` the input stays blank. */
  compose(kind: Kind, name: string, json?: string): Promise<void>;
  /** Sends the filled-in dialog. Returns the UI's response. */
  submit(): Promise<string>;
  send(kind: Kind, name: string, json?: string): Promise<string>;
  /** The answer to the last Update of that name, as the history shows it. */
  answer(name: string): Promise<string>;
  /** Presses Request Cancellation and confirms. */
  cancel(): Promise<void>;
  /**
   * Takes a picture for the docs; saved only with `UPDATE_SCREENSHOTS=1`. Fails when the page shows anything about the machine.
   */
  picture(name: string, height?: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens the UI of this test run's Temporal server. Fails with what to install when there is no browser. */
export async function openTemporalUi(namespace: string): Promise<TemporalUi> {
  const executablePath = await ensureChromium({ log: console.log });
  // Chromium refuses to run its sandbox as root.
  const browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
  const page = await newPage(browser);
  const workflows = `${inject('temporalUi')}/namespaces/${namespace}/workflows`;
  const dialog = (title: string) => page.getByRole('dialog', { name: title });
  const details = page.locator('iframe#user-metadata-current-details');
  /** The UI's messages at the bottom right; each disappears after a few seconds. */
  const toasts = page.locator('.fixed.bottom-5.right-5 > [id]');
  const titleOf = (kind: Kind) => (kind === 'Signal' ? 'Send a Signal' : 'Send an Update');

  async function begin(kind: Kind): Promise<Locator> {
    await page.getByRole('button', { name: 'More Actions' }).click();
    await page.getByRole('menuitem', { name: titleOf(kind) }).click();
    const opened = dialog(titleOf(kind));
    await opened.getByRole('button', { name: /^Select an? / }).click();
    // The UI loads the names from the workflow, so wait for them.
    await opened.getByRole('option').nth(1).waitFor();
    return opened;
  }

  async function compose(kind: Kind, name: string, json?: string): Promise<void> {
    const opened = await begin(kind);
    const known = opened.getByRole('option', { name: new RegExp(`^${name} `) });
    if ((await known.count()) > 0) await known.click();
    else {
      await opened.getByRole('option', { name: /^Custom/ }).click();
      await opened.getByRole('textbox', { name: /name/i }).fill(name);
    }
    if (json !== undefined) {
      await opened.locator('[data-language="json"]').click();
      // The field still has what was sent last.
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.insertText(json);
      // Leaving the field formats the JSON and moves the buttons.
      await page.keyboard.press('Tab');
    }
  }

  async function submit(): Promise<string> {
    const opened = page.getByRole('dialog');
    await opened.getByTestId('confirm-modal-button').click();
    const complaint = opened.getByRole('alert').filter({ hasText: /\S/ });
    const words = await toasts.or(complaint).first().textContent();
    // Close the message, so that it is not read as the answer to the next one.
    await toasts.getByRole('button').evaluateAll((buttons) => {
      for (const button of buttons) (button as unknown as { click(): void }).click();
    });
    await toasts.first().waitFor({ state: 'hidden' });
    return words?.trim() ?? '';
  }

  return {
    page,
    find: async (query) => {
      await page.goto(`${workflows}?query=${encodeURIComponent(query)}`);
      await page
        .getByTestId('workflow-count')
        .or(page.getByRole('heading', { level: 1 }))
        .first()
        .waitFor();
      await page.waitForLoadState('networkidle');
      return page.getByRole('link', { name: /^order-\d+$/ }).allInnerTexts();
    },
    choose: async (orderId) => {
      await page.getByRole('link', { name: orderWorkflowId(orderId), exact: true }).click();
      await page.getByRole('heading', { level: 1, name: orderWorkflowId(orderId) }).waitFor();
    },
    open: async (orderId) => {
      await page.goto(`${workflows}/${orderWorkflowId(orderId)}`);
      await page.getByRole('heading', { level: 1, name: orderWorkflowId(orderId) }).waitFor();
    },
    showsAllDetails: async () => {
      const field = await details.boundingBox();
      const last = await details.contentFrame().locator('p, li').filter({ hasText: /\S/ }).last().boundingBox();
      return field !== null && last !== null && last.y + last.height <= field.y + field.height;
    },
    details: async () => {
      // Leaving and reopening the tab makes the UI load the details again.
      await page.getByRole('tab', { name: 'Timeline' }).click();
      await page.getByRole('tab', { name: 'User Metadata' }).click();
      const shown = details.contentFrame().locator('body');
      await shown.getByText('Next step').waitFor();
      return (await textOf(shown)).trim();
    },
    list: async (kind) => (await begin(kind)).getByRole('option').allInnerTexts(),
    compose,
    submit,
    send: async (kind, name, json) => {
      await compose(kind, name, json);
      return submit();
    },
    answer: async (name) => {
      await page.getByRole('tab', { name: 'Timeline' }).click();
      await page
        .getByRole('button', { name: `Event ${name}: Completed` })
        .first()
        .click();
      const outcome = page.getByText('Outcome', { exact: true }).first();
      await outcome.scrollIntoViewIfNeeded();
      return textOf(page.getByRole('main'));
    },
    cancel: async () => {
      await page.getByRole('button', { name: 'Request Cancellation' }).click();
      const asked = page.getByRole('dialog');
      await asked.getByTestId('confirm-modal-button').click();
      await asked.waitFor({ state: 'hidden' });
    },
    picture: async (name, height = VIEWPORT.height) => {
      const words = await Promise.all(page.frames().map((frame) => textOf(frame.locator('body'))));
      expect(MACHINE.filter((word) => words.join('\n').includes(word))).toEqual([]);
      if (process.env.UPDATE_SCREENSHOTS !== '1') return;
      const path = fileURLToPath(new URL(`${name}.png`, IMAGES));
      await page.screenshot({ path, animations: 'disabled', clip: { x: 0, y: 0, width: VIEWPORT.width, height } });
    },
    close: () => browser.close(),
  };
}

const textOf = async (part: Locator): Promise<string> => (await part.allInnerTexts()).join('\n');

/** Fixed settings, so that the page looks the same on every machine. */
async function newPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({
    viewport: VIEWPORT,
    locale: 'en-US',
    timezoneId: 'UTC',
    colorScheme: 'light',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  return page;
}
