import type { DispatchOutcome } from '../../../domain/dispatch/outcome.ts';
import type { Batch, Decision, VersionedReport } from '../../../domain/order/batch.ts';
import type { OrderChange } from '../../../domain/order/snapshot.ts';
import type { OrderSnapshot, Terms } from '../../../domain/order/state.ts';
import type { OrderEvent } from '../../../domain/order/timeline.ts';
import { type Row, type RowsSnapshot, snapshotOf } from '../reads/order-rows.ts';

/** One attempt to send a batch. */
export interface Sent {
  readonly batch: number;
  readonly attempt: number;
  readonly quantity: number;
  readonly at: number;
  readonly resends: number | null;
}

/**
 * An order as PostgreSQL would store it: the workflow's writes, its batches and the outcomes of their attempts.
 * Throws on a send of a batch that runs or may run.
 */
export class KeptOrder {
  readonly rows = new Map<number, Row>();
  readonly sent: Sent[] = [];
  readonly timeline: OrderEvent[] = [];
  private readonly terms: Terms;
  private order: Omit<OrderSnapshot, keyof RowsSnapshot | 'notes'>;

  constructor(terms: Terms) {
    this.terms = terms;
    this.order = {
      status: 'Pending',
      attention: 'none',
      reason: null,
      nextRunAt: terms.startAt,
      pausedAt: null,
      pausedBy: null,
      canceledBy: null,
      finishing: terms.runs === 1,
    };
  }

  /** The snapshot that a workflow starts from when it takes the order up. */
  get snapshot(): OrderSnapshot {
    return { ...this.order, ...snapshotOf(this.rows, this.terms), notes: this.timeline.length };
  }

  row(number: number): Row {
    const row = this.rows.get(number);
    if (row === undefined) throw new Error(`there is no batch ${number}`);
    return row;
  }

  write(change: OrderChange): void {
    const { attention, reason, pausedAt, pausedBy, canceledBy, nextRunAt } = change;
    this.order = { ...this.order, attention, reason, pausedAt, pausedBy, canceledBy, nextRunAt };
    for (const { batch, reviewAt, resend, acked } of change.batches) {
      const row = this.row(batch);
      Object.assign(row, { reviewAt, resend, acked: Math.max(row.acked, acked) });
      if (change.restartClocks && row.report !== null) row.report = { ...row.report, stalledSince: null };
    }
    this.timeline.push(...change.notes.filter(({ number }) => number > this.timeline.length));
  }

  /** No further run begins. */
  finish(): void {
    this.order = { ...this.order, finishing: true, nextRunAt: null };
  }

  /** Adds a batch that is sent for the first time. `nextRunAt` is when the run after it is due. */
  begin({ number, quantity, resends }: Batch, nextRunAt: number | null): void {
    const fresh = {
      state: 'waiting',
      delivered: 0,
      reviewAt: null,
      stopAsked: false,
      stop: null,
      resend: false,
      report: null,
      acked: 0,
    } as const;
    this.rows.set(number, { quantity, resends, outcomes: new Map(), ...fresh });
    this.order = { ...this.order, nextRunAt };
  }

  /** The outcome of an attempt; undefined when the attempt may be made now. */
  outcomeOf({ number, attempt }: Batch): DispatchOutcome | undefined {
    const { outcomes, state } = this.row(number);
    const outcome = outcomes.get(attempt);
    if (outcome === 'released') throw new Error('a released attempt is never made again');
    if (outcome === undefined && state !== 'waiting' && state !== 'sending')
      throw new Error(`a second send of a batch that is ${state}`);
    return outcome;
  }

  record({ number, attempt }: Batch, outcome: DispatchOutcome, at: number): void {
    const row = this.row(number);
    this.sent.push({ batch: number, attempt, quantity: row.quantity, at, resends: row.resends });
    row.outcomes.set(attempt, outcome);
    row.state = outcome.kind === 'accepted' ? 'running' : outcome.kind === 'unknown' ? 'uncertain' : 'sending';
    if (outcome.kind === 'accepted') {
      row.reviewAt = outcome.at + this.terms.reviewAfterMs;
      this.order = { ...this.order, status: 'In progress' };
    } else if (this.order.status === 'Pending') {
      this.order = { ...this.order, status: 'Processing' };
    }
    if (outcome.kind === 'unknown') this.order = { ...this.order, attention: 'uncertain' };
  }

  /** No provider takes the batch now. Its review deadline starts with the first wait. */
  wait({ number }: Batch, now: number): void {
    this.row(number).reviewAt ??= now + this.terms.reviewAfterMs;
  }

  /**
   * Decides an uncertain batch, as a person or evidence would. False when the provider's order, `taken`, belongs to another
   * batch.
   */
  decide({ number, attempt }: Batch, decision: Decision, now: number): boolean {
    const row = this.row(number);
    if (decision.kind === 'attach') {
      const { providerOrder } = decision;
      if (providerOrder === 'taken') return false;
      row.state = 'running';
      row.reviewAt = now + this.terms.reviewAfterMs;
      row.outcomes.set(attempt, { kind: 'accepted', provider: 1, providerOrder, at: now });
      this.order = { ...this.order, status: 'In progress' };
    } else {
      row.state = 'waiting';
      row.report = null;
      row.outcomes.set(attempt, 'released');
    }
    return true;
  }

  /**
   * Stores a provider's report if it is newer, while the batch runs or is uncertain. PostgreSQL learns before the workflow that
   * an uncertain batch runs.
   */
  report(number: number, report: VersionedReport): void {
    const row = this.rows.get(number);
    const mayRun = row?.state === 'running' || row?.state === 'uncertain';
    if (mayRun && report.version > (row.report?.version ?? 0)) row.report = report;
  }

  end(number: number, delivered: number): void {
    Object.assign(this.rows.get(number) ?? {}, { state: 'done', delivered });
  }
}
