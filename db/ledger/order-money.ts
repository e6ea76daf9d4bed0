import type { Sql } from '../client.ts';

/** The kinds of transfers between a customer's wallet, an order's escrow and what was earned. What providers cost is not among them. */
export const ORDER_MONEY_KINDS = ['hold', 'charge', 'refund', 'correction'] as const;

/** A transfer of an order's money as its customer sees it; money in units of 1e-8. */
export interface OrderMoneyLine {
  readonly kind: (typeof ORDER_MONEY_KINDS)[number];
  readonly amount: bigint;
  /** What it changed in the wallet and in the order's escrow; negative when money left. */
  readonly wallet: bigint;
  readonly escrow: bigint;
  /** Its line in the wallet's statement; null when it moved no wallet. */
  readonly line: number | null;
  /** The key of the money step, like `order:42:settle`. */
  readonly reference: string;
  readonly at: Date;
}

interface Sums {
  readonly walletSum: bigint;
  readonly escrowSum: bigint;
}

/** The last transfers of an order's money, oldest first, at most `most`, and the sums over all of them. */
export async function orderMoneyLines(
  sql: Sql,
  orderId: number,
  most: number,
): Promise<Sums & { readonly lines: OrderMoneyLine[] }> {
  const rows = await sql<(OrderMoneyLine & Sums)[]>`
    with moved as (
      select id, kind, amount, wallet_version::float8 as line, step as reference, at,
             case when wallet_id is null then 0 when credit like 'wallet:%' then amount else -amount end as wallet,
             case 'escrow:' || order_id when credit then amount when debit then -amount else 0 end as escrow
        from transfers where order_id = ${orderId} and kind = any(${[...ORDER_MONEY_KINDS]}::text[])
    )
    select kind, amount, line, reference, at, wallet, escrow,
           (sum(wallet) over ())::bigint as "walletSum", (sum(escrow) over ())::bigint as "escrowSum"
      from moved order by id desc limit ${most}`;
  const { walletSum, escrowSum } = rows[0] ?? { walletSum: 0n, escrowSum: 0n };
  return {
    walletSum,
    escrowSum,
    lines: rows.reverse().map(({ walletSum: _, escrowSum: __, ...line }) => line),
  };
}
