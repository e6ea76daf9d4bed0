import { expect, vi } from 'vitest';
import { runningBatches } from '../../../db/delivery/batches.ts';
import type { BatchReport } from '../../../db/delivery/reports.ts';
import type { ProviderStatus } from '../../../domain/delivery/words.ts';
import {
  orderWorkflowId,
  type Placement,
  refillReportSignal,
  reportSignal,
  type WorkflowView,
} from '../../../workflows/contract.ts';
import { placeClaim } from '../reads/place.ts';
import { recordReports, takenReports } from '../reads/record-reports.ts';
import type { Shop } from './shop.ts';
import type { SkippingWorld } from './timeskip.ts';

/** What tests do to orders where time can be skipped. */
export class Desk {
  readonly world: SkippingWorld;
  private readonly versions = new Map<string, number>();

  constructor(world: SkippingWorld) {
    this.world = world;
  }

  handle(orderId: number) {
    return this.world.env.client.workflow.getHandle(orderWorkflowId(orderId));
  }

  /** Starts the workflow of a claim and waits for its decision, as the API does. */
  place(orderId: number, continueAfterEvents?: number): Promise<Placement> {
    const options = continueAfterEvents === undefined ? {} : { continueAfterEvents };
    return placeClaim(this.world.sql, this.world.env.client, orderId, options);
  }

  /** Waits until the workflow's view of its order matches. */
  async until(orderId: number, expected: Partial<WorkflowView>): Promise<WorkflowView> {
    return vi.waitFor(
      async () => {
        const view = await this.world.view(orderId);
        expect(view).toMatchObject(expected);
        return view;
      },
      { timeout: 30_000, interval: 20 },
    );
  }

  /** Signals a provider's report, as the watch does. */
  async report(orderId: number, status: ProviderStatus, remains: number | null, batch = 1): Promise<void> {
    const version = (this.versions.get(`${orderId}/${batch}`) ?? 0) + 1;
    this.versions.set(`${orderId}/${batch}`, version);
    await this.handle(orderId).signal(reportSignal, {
      batch,
      version,
      status,
      remains,
      startCount: 1,
      charge: '0.5',
      stalledSince: null,
    });
  }

  /**
   * Does what the watch does when the providers report all running batches of an order as completed, or as `said` returns.
   * A run that simply completes is not signalled.
   */
  async completeRunning(
    { providers }: Shop,
    orderId: number,
    said: (batch: number) => Partial<BatchReport> = () => ({}),
  ): Promise<void> {
    const { sql } = this.world;
    const done = { status: 'Completed', remains: 0, startCount: 5, charge: '0.05' } as const;
    for (const provider of providers) {
      const running = (await runningBatches(sql, provider)).filter((batch) => batch.orderId === orderId);
      const reports = running.map((batch) => ({ ...batch, ...done, ...said(batch.batch) }));
      await recordReports(sql, provider, reports, new Date());
      const due = await takenReports(sql, provider, 30);
      for (const { orderId: order, ...report } of due) await this.handle(order).signal(reportSignal, report);
    }
  }

  /** Signals that every part of a refill has ended at its provider, as the watch does. */
  async refillEnded(orderId: number, refill: number, rejected = 0): Promise<void> {
    await this.handle(orderId).signal(refillReportSignal, { refill, rejected });
  }

  /** Places an order and reports it as Completed at once. */
  async completed(orderId: number): Promise<void> {
    await this.place(orderId);
    await this.until(orderId, { status: 'In progress' });
    await this.report(orderId, 'Completed', 0);
    await this.until(orderId, { status: 'Completed' });
  }

  /** Status and money of a settled order. */
  async books(
    orderId: number,
  ): Promise<{ status: string; charge: bigint; refunded: bigint; price: bigint; reason: string | null }> {
    const [row] = await this.world.sql<
      { status: string; charge: bigint; refunded: bigint; price: bigint; reason: string | null }[]
    >`select status, charge, refunded, price, reason from orders where id = ${orderId}`;
    if (row === undefined) throw new Error(`there is no order ${orderId}`);
    return row;
  }

  async timeline(orderId: number): Promise<string[]> {
    const rows = await this.world.sql<{ type: string; actor: string }[]>`
      select type, actor from events where order_id = ${orderId} order by id`;
    return rows.map(({ type, actor }) => `${type} by ${actor}`);
  }
}
