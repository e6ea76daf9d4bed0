import type { Sql } from '../client.ts';

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

/** A wallet's movements before line `before`, newest first. */
export async function listStatement(
  sql: Sql,
  accountId: number,
  before: number | undefined,
  limit: number,
): Promise<StatementLine[]> {
  return sql<StatementLine[]>`
    select wallet_version::float8 as line, kind,
           case when credit = 'wallet:' || wallet_id then amount else -amount end as amount,
           wallet_balance as balance, order_id::float8 as "order", note, at
      from transfers where wallet_id = ${accountId} ${before === undefined ? sql`` : sql`and wallet_version < ${before}`}
      order by wallet_version desc limit ${limit}`;
}

/** What a wallet holds, in units of 1e-8; zero when there is none yet. */
export async function readBalance(sql: Sql, accountId: number): Promise<bigint> {
  const [row] = await sql<{ balance: bigint }[]>`select balance from wallets where account_id = ${accountId}`;
  return row?.balance ?? 0n;
}
