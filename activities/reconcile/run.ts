import {
  FINDING_KINDS,
  type FindingKind,
  type ReconcileCursors,
  type ReconcileReport,
} from '../../db/reconcile/reconciliation.ts';

/** One run of the reconciler: its findings so far, and where the next run continues. */
export class Run {
  readonly begun = performance.now();
  readonly startedAt = new Date();
  readonly looked = { workflows: 0, providers: 0 };
  /** Orders that must have a running workflow: several parts may find the same one. */
  readonly orders = new Set<number>();
  /** Orders whose workflow Temporal did not list; each is checked once a run. */
  readonly seen = new Set<number>();
  /** Orders whose workflows this run has found stuck. */
  readonly stuck = new Set<number>();
  /** Parts that failed. */
  readonly failed: string[] = [];
  next: ReconcileCursors;
  private readonly counts = new Map<FindingKind, { found: number; repaired: number }>();
  private readonly lastsMs: number;
  private readonly stop: AbortSignal;

  /** The run begins no further work after `lastsMs`, or once `stop` is aborted. */
  constructor(cursors: ReconcileCursors, lastsMs: number, stop: AbortSignal) {
    this.next = cursors;
    this.lastsMs = lastsMs;
    this.stop = stop;
  }

  get isOver(): boolean {
    return this.stop.aborted || performance.now() - this.begun > this.lastsMs;
  }

  found(kind: FindingKind, repaired: boolean, times = 1): void {
    const count = this.counts.get(kind) ?? { found: 0, repaired: 0 };
    count.found += times;
    if (repaired) count.repaired += times;
    this.counts.set(kind, count);
  }

  get report(): ReconcileReport {
    const { orders, failed } = this;
    const looked = { orders: orders.size, ...this.looked };
    const findings = FINDING_KINDS.map((kind) => ({ kind, found: 0, repaired: 0, ...this.counts.get(kind) }));
    return { looked, findings, failed };
  }
}
