import type { Sql } from '../../db/client.ts';
import { copyRunning } from '../../test/support/engines/many-running.ts';

/** Copies in one statement: it must end within the time that a statement has. */
const AT_ONCE = 5_000;

/** Copies an order that runs so many times: rows for the watch, without money or workflows. */
export async function seedRunning(sql: Sql, orderId: number, count: number): Promise<void> {
  for (let left = count; left > 0; left -= AT_ONCE) await copyRunning(sql, orderId, Math.min(left, AT_ONCE));
}
