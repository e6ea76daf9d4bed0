import type { DispatchOutcome } from '../../../domain/dispatch/outcome.ts';
import type { BatchSnapshot, StopSaid, VersionedReport } from '../../../domain/order/batch.ts';
import type { OrderSnapshot, Terms } from '../../../domain/order/state.ts';

/** A batch as PostgreSQL stores it. */
export interface Row {
  readonly quantity: number;
  readonly resends: number | null;
  /** Outcomes of its attempts; `released` when a person decided that the attempt was not placed. */
  readonly outcomes: Map<number, DispatchOutcome | 'released'>;
  state: BatchSnapshot['state'] | 'done';
  delivered: number;
  reviewAt: number | null;
  stopAsked: boolean;
  stop: StopSaid | null;
  resend: boolean;
  /** The last report, acknowledged or not. */
  report: VersionedReport | null;
  acked: number;
}

/** The part of an order's snapshot that comes from its batches. */
export type RowsSnapshot = Pick<OrderSnapshot, 'owed' | 'runsBegun' | 'batches' | 'open' | 'deliveredByEnded'>;

export function snapshotOf(all: ReadonlyMap<number, Row>, terms: Terms): RowsSnapshot {
  const rows = [...all];
  const open = rows.flatMap(([batch, row]): BatchSnapshot[] => {
    const { quantity, resends, outcomes, state, reviewAt, stopAsked, stop, resend, report, acked } = row;
    if (state === 'done') return [];
    const attempts = outcomes.get(outcomes.size) === 'released' ? outcomes.size + 1 : outcomes.size;
    const where = { provider: 1, providerOrder: `p${batch}`, attempts, inFlight: false };
    const heard = report === null || acked === 0 ? null : { ...report, version: acked };
    return [{ batch, quantity, state, resends, reviewAt, stopAsked, stop, resend, report: heard, ...where }];
  });
  return {
    open,
    owed: owedBy(all, terms),
    runsBegun: rows.filter(([, { resends }]) => resends === null).length,
    batches: Math.max(0, ...all.keys()),
    deliveredByEnded: rows.reduce((sum, [, { state, delivered }]) => sum + (state === 'done' ? delivered : 0), 0),
  };
}

function owedBy(all: ReadonlyMap<number, Row>, { runs, afterFailedRun }: Terms): OrderSnapshot['owed'] {
  const again = new Set([...all.values()].map(({ resends }) => resends));
  return [...all].flatMap(([batch, { state, quantity, delivered, resend, outcomes }]) => {
    const last = outcomes.get(outcomes.size);
    const bought = state === 'done' && last !== 'released' && last?.kind === 'accepted';
    const wanted = resend || (runs > 1 && afterFailedRun === 'retry');
    return bought && wanted && delivered < quantity && !again.has(batch)
      ? [{ batch, missing: quantity - delivered }]
      : [];
  });
}
