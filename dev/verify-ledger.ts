/** `npm run verify:ledger`: verifies the ledger in `DATABASE_URL`, or in the running local stack. Exits 1 on drift. */
import { connect } from '../db/client.ts';
import { verifyLedger } from '../db/ledger/ledger.ts';
import { loadDevConfig } from './config.ts';
import { readStack } from './stack/stack.ts';

const config = loadDevConfig();
const url = config.databaseUrl ?? (await readStack(config.home))?.databaseUrl;
if (url === undefined) {
  console.error('no ledger to verify: set DATABASE_URL, or start the local stack with `npm start`');
  process.exit(2);
}
const sql = connect(url, { name: 'holdfast-verify', max: 1 });
try {
  const drift = await verifyLedger(sql);
  const [books] = await sql`
    select (select count(*) from orders) as orders, (select count(*) from transfers) as transfers,
           (select count(*) from wallets) as wallets`;
  for (const { check, subject, detail } of drift) console.log(`drift: ${check}, ${subject}: ${detail}`);
  console.log(
    `${drift.length === 0 ? 'no drift' : `${drift.length} cases of drift`}: ${books?.orders} orders, ${books?.transfers} transfers, ${books?.wallets} wallets`,
  );
  process.exitCode = drift.length === 0 ? 0 : 1;
} finally {
  await sql.end({ timeout: 5 });
}
