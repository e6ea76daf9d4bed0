/**
 * `npm run restore:check -- --until <RFC 3339>`: after a restore of DATABASE_URL from an older copy, and before workers start. Says what
 * the copy does not know. With `--apply` it leaves out ids that may be in use, makes each send that may have happened until then an
 * uncertain one, and lets nothing else be sent by itself. docs/recover.md has the steps around it.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { connect } from '../client.ts';
import { doubtCopy, readCopy, skipIds } from '../reconcile/restored.ts';
import { databaseEnvironment, databaseTls } from '../settings/database.ts';
import { readEnvironment } from '../settings/environment.ts';

const { values } = parseArgs({
  options: { until: { type: 'string' }, apply: { type: 'boolean' }, 'skip-ids': { type: 'string', default: '100000' } },
});
const wanted = z
  .object({
    until: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
    skip: z.coerce.number().int().min(0).max(1e9),
  })
  .safeParse({ until: values.until, skip: values['skip-ids'] });
if (!wanted.success) {
  console.error(
    'say when the old database was lost: npm run restore:check -- --until 2026-01-31T12:00:00Z [--apply] [--skip-ids 100000]',
  );
  process.exit(2);
}
const { until, skip } = wanted.data;
const config = readEnvironment(databaseEnvironment, process.env);
const tls = databaseTls(config);
// One statement goes through all open orders.
const sql = connect(config.DATABASE_URL, { name: 'holdfast-restore-check', max: 1, statementMs: 0, tls });
try {
  const { lastTransferAt, openOrders, waitingLines, openRefills, workers } = await readCopy(sql);
  console.log(`the newest movement of money here is from ${lastTransferAt?.toISOString() ?? 'never'}`);
  console.log(
    `${openOrders} orders have not ended; ${waitingLines} lines of lists wait; ${openRefills.length} refills may have been asked of a provider again`,
  );
  for (const { orderId, number } of openRefills) console.log(`  refill ${number} of order ${orderId}`);
  console.log('not here: orders, deposits, refunds, keys and settings from after that time');
  if (workers > 0) {
    console.error(`${workers} connections of workers are open: stop all workers first`);
    process.exitCode = 1;
  } else if (values.apply === true) {
    console.log(`the next order gets the id ${await skipIds(sql, skip)}`);
    const { sends, refills, noResends, decisions } = await doubtCopy(sql, until);
    console.log(`${sends.length} batches may have been sent; their orders are uncertain now:`);
    for (const { orderId, batch, providerId } of sends)
      console.log(`  order ${orderId}, batch ${batch}, provider ${providerId}`);
    console.log(`${refills.length} refills may have been sent again and wait for a person:`);
    for (const { orderId, number } of refills) console.log(`  refill ${number} of order ${orderId}`);
    console.log(`${noResends.length} orders send no missing part again; it is given back:`);
    for (const id of noResends) console.log(`  order ${id}`);
    console.log(
      `${decisions.length} decisions of staff about many orders were ended; look at their orders and decide again:`,
    );
    for (const id of decisions) console.log(`  decision ${id}`);
  } else console.log('nothing was changed; --apply makes every send that may have happened an uncertain one');
} finally {
  await sql.end({ timeout: 5 });
}
