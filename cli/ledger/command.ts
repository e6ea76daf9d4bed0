import type { Command } from 'commander';
import { connect } from '../../db/client.ts';
import { EXIT } from '../command/exit-codes.ts';
import { Unreachable, UsageError } from '../command/failure.ts';
import type { Host } from '../command/host.ts';
import { runs, type Session } from '../command/invocation.ts';
import { findLedger, type LedgerDatabase } from './find-ledger.ts';
import { proofText, proveBooks } from './prove.ts';

/** `holdfast verify`: it reads the database itself, because a proof must not rest on what the API says. */
export function addVerifyCommand(program: Command, session: Session): void {
  const verify = program
    .command('verify')
    .description('prove the whole ledger in DATABASE_URL, or in the local stack; exits 1 on drift');
  runs(verify, session, { changes: false }, async ({ host }) => {
    const { url, tls } = await ledgerOf(host);
    const sql = connect(url, { name: 'holdfast-verify', max: 1, tls });
    try {
      await sql`select 1`.catch((error: unknown) => {
        throw new Unreachable(`PostgreSQL does not answer: ${error instanceof Error ? error.message : String(error)}`);
      });
      const proof = await proveBooks(sql, host.isTerminal ? host.err : undefined);
      return { json: proof, text: proofText(proof), exit: proof.drift.length === 0 ? EXIT.done : EXIT.failed };
    } finally {
      await sql.end({ timeout: 5 });
    }
  });
}

async function ledgerOf(host: Host): Promise<LedgerDatabase> {
  const ledger = await findLedger(host.env);
  if (ledger === undefined) throw new UsageError('set DATABASE_URL, or start the local stack with `npm start`');
  if (ledger.isLocalStack) host.err('using the database of the local stack\n');
  return ledger;
}
