/**
 * `npm run verify:ledger`: proves the whole ledger in `DATABASE_URL`, or in the running local stack, in short statements. Shows on a
 * terminal how far it is. Exits 1 on drift. `npx holdfast verify` does the same.
 */
import { findLedger } from '../cli/ledger/find-ledger.ts';
import { proofText, proveBooks } from '../cli/ledger/prove.ts';
import { connect } from '../db/client.ts';

const ledger = await findLedger(process.env);
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
