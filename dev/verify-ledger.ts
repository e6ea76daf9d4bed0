/**
 * `npm run verify:ledger`: proves the whole ledger in `DATABASE_URL`, or in the running local stack, in short statements. Shows on a
 * terminal how far it is. Exits 1 on drift. `npx holdfast verify` does the same.
 */
import { proofText, proveBooks } from '../cli/ledger/prove.ts';
import { connect } from '../db/client.ts';
import { databaseEnvironment, databaseTls } from '../db/settings/database.ts';
import { readEnvironment } from '../db/settings/environment.ts';
import { loadDevConfig } from './config.ts';
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
  const proof = await proveBooks(sql, process.stderr.isTTY ? (text) => process.stderr.write(text) : undefined);
  process.stdout.write(proofText(proof));
  process.exitCode = proof.drift.length === 0 ? 0 : 1;
} finally {
  await sql.end({ timeout: 5 });
}
