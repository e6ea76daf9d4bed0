/**
 * `npm run verify:ledger`: proves the whole ledger in `DATABASE_URL`, or in the running local stack, in short statements. Shows on a
 * terminal how far it is. Exits 1 on drift.
 */
import { connect } from '../db/client.ts';
import { LEDGER_PARTS, type LedgerPart, verifyLedger } from '../db/ledger/ledger.ts';
import { type Ends, ledgerEnds } from '../db/ledger/proof.ts';
import { databaseEnvironment, databaseTls } from '../db/settings/database.ts';
import { readEnvironment } from '../db/settings/environment.ts';
import { loadDevConfig } from './config.ts';
import { proofProgress } from './proof-progress.ts';
import { readStack } from './stack/stack.ts';

/** The database in the environment, else that of the running local stack. */
async function findLedger() {
  const { environment, home } = loadDevConfig();
  if (environment.DATABASE_URL || environment.DATABASE_URL_FILE) {
    const settings = readEnvironment(databaseEnvironment, environment);
    return { url: settings.DATABASE_URL, tls: databaseTls(settings) };
  }
  const stack = await readStack(home);
  return stack && { url: stack.databaseUrl, tls: undefined };
}

const ledger = await findLedger();
if (ledger === undefined) {
  console.error('no ledger to verify: set DATABASE_URL, or start the local stack with `npm start`');
  process.exit(2);
}
const sql = connect(ledger.url, { name: 'holdfast-verify', max: 1, tls: ledger.tls });
try {
  const proved: Record<LedgerPart, number> = { transfers: 0, orders: 0, wallets: 0, claims: 0, deposits: 0 };
  const ends = {} as Record<LedgerPart, Ends>;
  for (const part of LEDGER_PARTS) ends[part] = await ledgerEnds(sql, part);
  const progress = process.stderr.isTTY ? proofProgress(ends, (text) => process.stderr.write(text)) : undefined;
  const drift = await verifyLedger(sql, (part, items) => {
    proved[part] += items.proved;
    progress?.show(part, items);
  });
  progress?.end();
  for (const { check, subject, detail } of drift) console.log(`drift: ${check}, ${subject}: ${detail}`);
  console.log(
    `${drift.length === 0 ? 'no drift' : `${drift.length} cases of drift`}: ${proved.orders} orders, ${proved.transfers} transfers, ${proved.wallets} wallets`,
  );
  process.exitCode = drift.length === 0 ? 0 : 1;
} finally {
  await sql.end({ timeout: 5 });
}
