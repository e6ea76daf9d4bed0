import type { Sql } from '../../../db/client.ts';
import type { BatchReport } from '../../../db/delivery/reports.ts';
import { type OrderStateChange, writeOrderState } from '../../../db/order/order-state.ts';
import { running } from '../engines/running.ts';
import { recordReports, takenReports } from '../reads/record-reports.ts';
import { openShop, type ShopOptions } from '../worlds/shop.ts';

/** When the batches are accepted, unless a test passes another time. */
export const AT = new Date('2026-11-21T12:00:00Z');

/** A drip-feed of 1000 items a run without a workflow, with functions for the provider's reports and the workflow's writes. */
export async function dripFeed(sql: Sql, options: ShopOptions = {}, runs = 3) {
  const { order, providers } = await openShop(sql, options);
  const [provider = 0] = providers;
  const id = await order({ quantity: 1000, dripFeed: { runs, intervalMinutes: 60 } });
  const begin = (batch: number, at = AT) => running(sql, id, `${id}-${batch}`, at, batch);
  const report = (batch: number, said: Partial<BatchReport> = {}): BatchReport => ({
    orderId: id,
    batch,
    providerOrder: `${id}-${batch}`,
    status: 'Completed',
    remains: 0,
    startCount: null,
    charge: null,
    ...said,
  });
  const says = (batch: number, said: Partial<BatchReport> = {}) =>
    recordReports(sql, provider, [report(batch, said)], new Date());
  const due = async () => (await takenReports(sql, provider, 0)).map(({ batch, version }) => [batch, version]);
  const states = async () =>
    (await sql`select batch, state from batches where order_id = ${id} order by batch`).map(({ state }) => state);
  const shown = async () => {
    const [row] = await sql`
      select status, attention, reason, paused_at as "pausedAt", paused_by as "pausedBy", canceled_by as "canceledBy",
             next_run_at as "nextRunAt", finishing, notes, delivered::float8 as delivered from orders where id = ${id}`;
    return row;
  };
  const clocks = async (batch = 1) => {
    const [row] = await sql`
      select review_at as "reviewAt", progress_at as "progressAt", stalled_since as "stalledSince", acked_version as acked,
             terminal_at as "terminalAt", resend from batches where order_id = ${id} and batch = ${batch}`;
    return row;
  };
  const writes = (change: Partial<OrderStateChange> = {}) =>
    writeOrderState(sql, {
      orderId: id,
      at: AT.getTime(),
      attention: 'none',
      reason: null,
      pausedAt: null,
      pausedBy: null,
      canceledBy: null,
      nextRunAt: null,
      batches: [],
      notes: [],
      restartClocks: false,
      ...change,
    });
  return { sql, id, provider, begin, report, says, due, states, shown, clocks, writes };
}
