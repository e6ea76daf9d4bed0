import type { Sql } from '../../db/client.ts';
import { type Drift, LEDGER_PARTS, type LedgerPart, verifyLedger } from '../../db/ledger/ledger.ts';
import { type Ends, ledgerEnds } from '../../db/ledger/proof.ts';
import { proofProgress } from './proof-progress.ts';

/** What the full proof of the books found. */
export interface BooksProof {
  readonly drift: readonly Drift[];
  /** Items proved of each part. */
  readonly proved: Readonly<Record<LedgerPart, number>>;
}

/** Proves the whole ledger, in short statements. `write` draws the progress on a terminal. */
export async function proveBooks(sql: Sql, write?: (text: string) => void): Promise<BooksProof> {
  const proved: Record<LedgerPart, number> = { transfers: 0, orders: 0, wallets: 0, claims: 0, deposits: 0 };
  const ends = {} as Record<LedgerPart, Ends>;
  for (const part of LEDGER_PARTS) ends[part] = await ledgerEnds(sql, part);
  const progress = write === undefined ? undefined : proofProgress(ends, write);
  try {
    const drift = await verifyLedger(sql, (part, items) => {
      proved[part] += items.proved;
      progress?.show(part, items);
    });
    return { drift, proved };
  } finally {
    progress?.end();
  }
}

/** A line for each error, then what was proved. */
export function proofText({ drift, proved }: BooksProof): string {
  const errors = drift.map(({ check, subject, detail }) => `drift: ${check}, ${subject}: ${detail}\n`);
  const found = drift.length === 0 ? 'no drift' : `${drift.length} cases of drift`;
  return `${errors.join('')}${found}: ${proved.orders} orders, ${proved.transfers} transfers, ${proved.wallets} wallets\n`;
}
