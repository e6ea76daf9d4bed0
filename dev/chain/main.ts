/**
 * `npm run demo:chain`: Holdfast as a provider of Holdfast. Starts two whole stacks: a parent, and a child that resells the
 * parent's services. Places orders that end in every way at the parent's simulated provider, then compares three sets of books.
 * Exits 0 when they agree to the last digit, 1 when not. `--drip-feed` adds an order that takes a minute longer.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { terminalLog } from '../stack/terminal.ts';
import { hasEnded, orderChecks, wholeChecks } from './agreement.ts';
import { type OrderBooks, openBooks, type Reader } from './books.ts';
import { startPanels } from './panels.ts';
import { booksTable } from './table.ts';
import { cancelWhatIsWanted, openTrade, type Trade } from './trade.ts';

/** The orders end within seconds; a busy machine may take longer. */
const LIMIT_MS = 180_000;
const EVERY_MS = 500;

const log = terminalLog();
const stopped = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stopped.abort());

/** Waits until every order has ended at every level. Returns the books as they are when the time is up. */
async function settledBooks(books: Reader, trade: Trade): Promise<OrderBooks[]> {
  const deadline = Date.now() + LIMIT_MS;
  const told = new Set<number>();
  for (;;) {
    const orders = await books.orders(trade);
    for (const [at, placed] of trade.orders.entries()) {
      const one = orders[at];
      if (one === undefined || told.has(placed.id) || !hasEnded(placed, one)) continue;
      told.add(placed.id);
      log(`order ${placed.id} (${placed.what}): ${placed.ends} at all three levels`);
    }
    if (told.size === trade.orders.length || Date.now() > deadline) return orders;
    await delay(EVERY_MS, undefined, { signal: stopped.signal });
  }
}

async function run(): Promise<boolean> {
  const panels = await startPanels(log, stopped.signal);
  try {
    const trade = await openTrade(panels, { dripFeed: process.argv.includes('--drip-feed') });
    log(`${trade.orders.length} orders placed at the child, which buys from the parent`);
    await cancelWhatIsWanted(panels, trade, stopped.signal);
    const reader = await openBooks(panels);
    try {
      const orders = await settledBooks(reader, trade);
      const found = trade.orders.flatMap((placed, at) => {
        const books = orders[at];
        return books === undefined ? [] : [{ placed, books }];
      });
      const checks = [
        ...found.flatMap(({ placed, books }) => orderChecks(placed, books)),
        ...wholeChecks(await reader.whole(trade), orders),
      ];
      const wrong = checks.filter(({ agrees }) => !agrees);
      console.log(`\n${booksTable(found)}\n`);
      for (const { what, found } of wrong) console.log(`differs  ${what}: ${found}`);
      for (const { what, found } of wholeChecks(await reader.whole(trade), orders)) console.log(`  ${what}: ${found}`);
      console.log(
        wrong.length === 0
          ? `\nthe three sets of books agree to the last digit: ${checks.length} checks\n`
          : `\nthe three sets of books do not agree: ${wrong.length} of ${checks.length} checks\n`,
      );
      return wrong.length === 0;
    } finally {
      await reader.close();
    }
  } finally {
    await panels.close();
  }
}

try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  if (!stopped.signal.aborted) log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
}
process.exit();
