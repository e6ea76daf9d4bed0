import type { Sql } from '../client.ts';
import type { Fragment } from '../list-page.ts';

/** One movement of a wallet; money in units of 1e-8, negative when it left the wallet. */
export interface StatementLine {
  /** Counts the wallet's movements from 1, without a gap. */
  readonly line: number;
  readonly kind: string;
  readonly amount: bigint;
  readonly balance: bigint;
  readonly order: number | null;
  readonly note: string | null;
  readonly at: Date;
}

/** Times from `from` to before `to`; each may be left open. */
interface OpenSpan {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** A wallet's movements in a span and before line `before`, newest first. */
export async function listStatement(
  sql: Sql,
  accountId: number,
  { from, to, before }: OpenSpan & { readonly before?: number | undefined },
  limit: number,
): Promise<StatementLine[]> {
  const isWhole = from === undefined && to === undefined;
  return sql<StatementLine[]>`
    select wallet_version::float8 as line, kind,
           case when credit = 'wallet:' || wallet_id then amount else -amount end as amount,
           wallet_balance as balance, order_id::float8 as "order", note, at
      from transfers where wallet_id = ${accountId}
        ${from === undefined ? sql`` : sql`and at >= ${from}`} ${to === undefined ? sql`` : sql`and at < ${to}`}
        ${before === undefined ? sql`` : isWhole ? sql`and wallet_version < ${before}` : beforeLine(sql, accountId, before)}
      order by ${isWhole ? sql`` : sql`at desc,`} wallet_version desc limit ${limit}`;
}

/** A span is read by time, so its next page begins at the time of the last line. */
const beforeLine = (sql: Sql, accountId: number, line: number): Fragment => sql`
  and (at, wallet_version) < ((select at from transfers where wallet_id = ${accountId} and wallet_version = ${line}), ${line})`;

/** Times from `from` to before `to`. */
export interface WholeSpan {
  readonly from: Date;
  readonly to: Date;
}

/** What moved in a wallet, in units of 1e-8; none is negative. */
export interface WalletTotals {
  readonly deposited: bigint;
  readonly debited: bigint;
  /** Taken for orders. */
  readonly charged: bigint;
  /** Given back for orders, by settlements and by corrections. */
  readonly refunded: bigint;
}

/** Sums the movements of a wallet in a span. It reads each of them, from the index alone. */
export async function walletTotals(sql: Sql, accountId: number, { from, to }: WholeSpan): Promise<WalletTotals> {
  // As text, because the sums of a span may be above int8.
  const sum = (...kinds: string[]) => sql`coalesce(sum(amount) filter (where kind = any(${kinds}::text[])), 0)::text`;
  const [row] = await sql<Record<keyof WalletTotals, string>[]>`
    select ${sum('deposit')} as deposited, ${sum('debit')} as debited, ${sum('hold')} as charged,
           ${sum('refund', 'correction')} as refunded
      from transfers where wallet_id = ${accountId} and at >= ${from} and at < ${to}`;
  const { deposited = 0, debited = 0, charged = 0, refunded = 0 } = row ?? {};
  return {
    deposited: BigInt(deposited),
    debited: BigInt(debited),
    charged: BigInt(charged),
    refunded: BigInt(refunded),
  };
}

/** What a wallet holds, in units of 1e-8; zero when there is none yet. */
export async function readBalance(sql: Sql, accountId: number): Promise<bigint> {
  const [row] = await sql<{ balance: bigint }[]>`select balance from wallets where account_id = ${accountId}`;
  return row?.balance ?? 0n;
}
