import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { ensureChromium } from '../../../dev/engines/chromium.ts';

/** The pages in a real browser, which writes down what must not happen. */
export interface PageBrowser {
  readonly page: Page;
  /** Errors of scripts, violations of the content security policy, and requests that leave this machine. */
  readonly faults: readonly string[];
  /** Names of the rules of axe that the shown page breaks, with the elements. */
  brokenRules(): Promise<string[]>;
  close(): Promise<void>;
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe answers, as far as the tests read it. */
interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** Starts a browser, for the people of one test file. */
export async function startChromium(): Promise<Browser> {
  const executablePath = await ensureChromium({ log: console.log });
  // Chromium refuses to run its sandbox as root.
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
}

/** A person with cookies of their own. */
export async function openPageBrowser(browser: Browser, options: BrowserContextOptions = {}): Promise<PageBrowser> {
  const context = await browser.newContext({ locale: 'en-US', timezoneId: 'UTC', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy/.test(message.text())) faults.push(message.text());
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol !== 'data:' && hostname !== '127.0.0.1') faults.push(`request: ${request.url()}`);
  });
  return {
    page,
    faults,
    brokenRules: async () => {
      await page.evaluate(AXE);
      const { violations } = await page.evaluate<AxeResult>('axe.run(document)');
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    },
    close: () => context.close(),
  };
}
