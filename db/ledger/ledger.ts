import type { Money } from '../../domain/ledger/money.ts';
import type { FinalStatus, Reason } from '../../domain/order/status.ts';
import type { Sql, Tx } from '../client.ts';

/** SQLSTATEs that our own functions raise; see db/functions/ledger. */
export const SQLSTATE = {
  /** A money step's key was taken with another payload. */
  stepConflict: 'HF001',
  /** The step would break a rule of the ledger: a bug, never a caller's fault. */
  brokenRule: 'HF003',
  /** The caller's state of the order is older than the database's. */
  stale: 'HF004',
  /** The wallet holds less than a debit. */
  tooLittle: 'HF005',
} as const;

/**
 * Puts money into a wallet; a second call with the same reference changes nothing.
 * @returns the wallet's balance after that deposit.
 * @throws PostgresError HF001 when the reference was used for another amount.
 */
export async function deposit(sql: Sql | Tx, account: number, amount: Money, reference: string): Promise<Money> {
  const [row] = await sql<{ balance: bigint }[]>`select deposit(${account}, ${amount}, ${reference}) as balance`;
  return row?.balance as Money;
}

/**
 * Takes money out of a wallet; a second call with the same reference changes nothing.
 * @returns the wallet's balance after that debit.
 * @throws PostgresError HF001 when the reference was used for another amount, HF005 when the wallet holds less.
 */
export async function debit(sql: Sql | Tx, account: number, amount: Money, reference: string): Promise<Money> {
  const [row] = await sql<{ balance: bigint }[]>`select debit(${account}, ${amount}, ${reference}) as balance`;
  return row?.balance as Money;
}

export interface BatchCost {
  readonly batch: number;
  /** In units of 1e-8, as text for JSON. */
  readonly cost: string;
  /** The provider's own figure. */
  readonly raw: string | null;
}

export interface Settlement {
  readonly orderId: number;
  readonly status: FinalStatus;
  readonly delivered: number;
  readonly reason: Reason | null;
  readonly actor: string;
  readonly at: Date;
  /** Batches whose end is not stored yet. */
  readonly ends: readonly { readonly batch: number; readonly delivered: number }[];
  /** A person decided how much counts as delivered, even if batches still run. */
  readonly decided: boolean;
  /** What batches cost at their providers. */
  readonly costs: readonly BatchCost[];
}

/** Lowers what counts as delivered of a settled order and refunds the difference. False when `delivered` is not lower. */
export async function correct(sql: Sql, orderId: number, delivered: number, by: string, at: Date): Promise<boolean> {
  const [row] = await sql<{ corrected: boolean }[]>`
    select correct_order(${orderId}, ${delivered}, ${at}, ${by}) as corrected`;
  return row?.corrected === true;
}

/** An error that the ledger check found. */
export interface Drift {
  readonly check: string;
  readonly subject: string;
  readonly detail: string;
}

/** The parts that are checked by themselves, each item of it alone (verify_part in db/functions/ledger/verify.sql). */
export const LEDGER_PARTS = ['transfers', 'orders', 'wallets', 'claims', 'deposits'] as const;
export type LedgerPart = (typeof LEDGER_PARTS)[number];

/** Items that are proved one after the other: those of a part, or the orders that are not settled. */
export type LedgerSeries = LedgerPart | 'open orders';

/** An error with what must be proved again to see whether it is still there. */
export interface FoundDrift extends Drift {
  readonly part: LedgerPart;
  readonly item: string;
}

/** What one statement proved of a series. */
export interface ProvedItems {
  /** The last item; null when there was none. */
  readonly upto: string | null;
  readonly proved: number;
  readonly drift: readonly FoundDrift[];
}

/** Proves the next items of a series after `after` (null: from the first one), in the snapshot of one statement. */
export async function proveNext(
  sql: Sql | Tx,
  series: LedgerSeries,
  after: string | null,
  most: number,
): Promise<ProvedItems> {
  const [row] = await sql<ProvedItems[]>`select * from prove_next(${series}, ${after}, ${most})`;
  return row as ProvedItems;
}

/** Items in one statement: it takes less than a tenth of a second, so it holds no old snapshot. */
export const ITEMS_AT_ONCE = 1_000;

/**
 * Checks the whole ledger, statement by statement, so it may be of any size; an empty list means that every balance, chain and
 * escrow is right. What is written while it runs may be left out. `onProved` hears of each statement.
 */
export async function verifyLedger(
  sql: Sql,
  onProved: (part: LedgerPart, proved: ProvedItems) => void = () => {},
): Promise<Drift[]> {
  const found: Drift[] = [];
  for (const part of LEDGER_PARTS) {
    let after: string | null = null;
    for (;;) {
      const items: ProvedItems = await proveNext(sql, part, after, ITEMS_AT_ONCE);
      onProved(part, items);
      found.push(...items.drift.map(({ check, subject, detail }) => ({ check, subject, detail })));
      if (items.proved < ITEMS_AT_ONCE) break;
      after = items.upto;
    }
  }
  return found;
}
