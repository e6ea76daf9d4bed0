/**
 * `npm run restore:check -- --until <RFC 3339>`: after a restore of DATABASE_URL from an older copy, and before workers start. Says what
 * the copy does not know. With `--apply` it makes each send that may have happened until then an uncertain one, and leaves out order
 * ids that may be in use. docs/recover.md has the steps around it.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { connect } from '../client.ts';
import { doubtSends, readCopy, skipOrderIds } from '../reconcile/restored.ts';
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
const sql = connect(config.DATABASE_URL, { name: 'holdfast-restore-check', max: 1, tls: databaseTls(config) });
try {
  const { lastTransferAt, openOrders, openRefills, workers } = await readCopy(sql);
  console.log(`the newest movement of money here is from ${lastTransferAt?.toISOString() ?? 'never'}`);
  console.log(
    `${openOrders} orders have not ended; ${openRefills.length} refills may have been asked of a provider again`,
  );
  for (const { orderId, number } of openRefills) console.log(`  refill ${number} of order ${orderId}`);
  console.log('not here: orders, deposits, refunds, keys and settings from after that time');
  if (workers > 0) {
    console.error(`${workers} connections of workers are open: stop all workers first`);
    process.exitCode = 1;
  } else if (values.apply === true) {
    const doubted = await doubtSends(sql, until);
    console.log(`${doubted.length} batches may have been sent; their orders are uncertain now:`);
    for (const { orderId, batch, providerId } of doubted)
      console.log(`  order ${orderId}, batch ${batch}, provider ${providerId}`);
    console.log(`the next order gets the id ${await skipOrderIds(sql, skip)}`);
  } else console.log('nothing was changed; --apply makes every send that may have happened an uncertain one');
} finally {
  await sql.end({ timeout: 5 });
}
