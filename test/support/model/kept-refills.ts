import type { BatchSnapshot } from '../../../domain/order/batch.ts';
import type { RefillOutcome, RefillStage } from '../../../domain/refill/rules.ts';
import type { Refill, RefillSnapshot, RefillsSnapshot } from '../../../domain/refill/state.ts';
import { START } from './order-terms.ts';

/** A refill as PostgreSQL stores it. */
interface RefillRow {
  readonly missing: number | null;
  stage: RefillStage;
  reviewAt: number;
  before: RefillSnapshot['before'];
  outcome: RefillOutcome | null;
}

/** A batch sent again for a refill, as PostgreSQL stores it. */
interface AgainRow {
  readonly refill: number;
  readonly quantity: number;
  readonly resends: number | null;
  state: BatchSnapshot['state'] | 'done';
  delivered: number;
  /** Number of the next attempt. All attempts before it have an outcome. */
  attempts: number;
  report: NonNullable<BatchSnapshot['report']> | null;
}

/** The refills of a Completed order and their resent batches, as PostgreSQL would store them. */
export class KeptRefills {
  readonly refills: RefillRow[] = [];
  readonly again = new Map<number, AgainRow>();
  lastEndedAt: number | null = null;

  openBatches(): BatchSnapshot[] {
    return [...this.again].flatMap(([batch, { state, quantity, attempts, resends, report }]): BatchSnapshot[] => {
      if (state === 'done') return [];
      const where = { provider: 1, providerOrder: `p${batch}`, reviewAt: null, stopAsked: false, resend: false };
      return [{ batch, quantity, state, attempts, inFlight: false, resends, report, ...where }];
    });
  }

  snapshot(): RefillsSnapshot {
    const at = this.refills.findIndex(({ stage }) => stage !== 'ended');
    const row = this.refills[at];
    const again = [...this.again].filter(([, { refill }]) => refill === at + 1);
    const done = again.reduce((sum, [, { state, delivered }]) => sum + (state === 'done' ? delivered : 0), 0);
    return {
      completedAt: START,
      taken: this.refills.length,
      lastEndedAt: this.lastEndedAt,
      lastBatch: 1 + this.again.size,
      current:
        row === undefined
          ? null
          : {
              number: at + 1,
              id: 70 + at,
              stage: row.stage,
              reviewAt: row.reviewAt,
              before: row.before,
              missing: row.missing === null ? null : row.missing - Math.min(done, row.missing),
              sentAgain: again.at(-1)?.[0] ?? null,
              batch: this.openBatches()[0] ?? null,
            },
    };
  }

  row({ number }: Pick<Refill, 'number'>): RefillRow {
    const row = this.refills[number - 1];
    if (row === undefined) throw new Error(`there is no refill ${number}`);
    return row;
  }

  againRow(batch: number): AgainRow {
    const row = this.again.get(batch);
    if (row === undefined) throw new Error(`there is no batch ${batch}`);
    return row;
  }
}
