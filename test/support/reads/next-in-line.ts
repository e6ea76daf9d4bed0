import type { Sql } from '../../../db/client.ts';

/** The first order that queues for the link of this order and has not begun, as a settlement finds it. */
export async function nextInLine(sql: Sql, orderId: number, at: Date): Promise<number | undefined> {
  const [row] = await sql<{ id: number | null }[]>`select next_in_line(${orderId}, ${at})::float8 as id`;
  return row?.id ?? undefined;
}
