import type { DispatchOutcome } from '../../../domain/dispatch/outcome.ts';
import { applySendBegun, applyStopAnswer } from '../../../domain/order/apply-batch.ts';
import { applyCorrection, applySettled } from '../../../domain/order/apply-settlement.ts';
import type { Answer } from '../../../domain/order/asks.ts';
import type { Batch } from '../../../domain/order/batch.ts';
import { applyWritten, changeToWrite, restoreOrder } from '../../../domain/order/snapshot.ts';
import type { OrderState, Settled, Terms } from '../../../domain/order/state.ts';
import type { Attention } from '../../../domain/order/status.ts';
import type { OrderEvent } from '../../../domain/order/timeline.ts';
import { applyRefillBatchNews, applyResendReport } from '../../../domain/refill/apply-batch.ts';
import {
  applyRefillAsked,
  applyRefillReport,
  applyResent,
  callForReview,
  decideOutcome,
} from '../../../domain/refill/apply-refill.ts';
import { applyRefillRequest, applyRefillResolution } from '../../../domain/refill/apply-request.ts';
import { decideRefill, type RefillStep } from '../../../domain/refill/decide.ts';
import {
  type AskedRefill,
  type OpenedRefill,
  type Refill,
  type RefillWindow,
  refillChange,
} from '../../../domain/refill/state.ts';
import { applyRefillEnded, applyRefillOpened, applyRefillsRead, openWindow } from '../../../domain/refill/window.ts';
import { KeptRefills } from './kept-refills.ts';
import { START, termsOf } from './order-terms.ts';

/**
 * The refill window of a Completed order, driven by a test instead of a workflow, with a database, providers and a clock that the
 * test controls.
 * Throws on two refills at once, on sending what may already be there or more than is missing, and on a window that never waits.
 */
export class HandDrivenRefills {
  state: OrderState;
  window: RefillWindow;
  now = START;
  isClosed = false;
  until: number | null = null;
  /** How many items the next count of the target finds missing. null: the target cannot be counted. 0: the refill is refused. */
  missing: number | null = null;
  /** The next count is below the count before the order. */
  belowStart = false;
  /** The providers' answers to the next refill requests. When there are none left, they accept. */
  readonly asked: AskedRefill[] = [];
  /** The outcomes of the next sends. When there are none left, the sends are accepted. */
  readonly sends: (() => DispatchOutcome)[] = [];
  private readonly kept = new KeptRefills();
  readonly stops: number[] = [];
  readonly timeline: OrderEvent[] = [];
  attention: Attention = 'none';
  private readonly terms: Terms;
  private settled: Pick<Settled, 'status' | 'delivered'> = { status: 'Completed', delivered: 1000 };

  constructor(refill: Partial<Terms['refill']> = {}) {
    this.terms = termsOf({ refill: { ...termsOf().refill, days: 30, ...refill } });
    [this.state, this.window] = this.begin();
    this.run();
  }

  get refills(): KeptRefills['refills'] {
    return this.kept.refills;
  }

  get again(): KeptRefills['again'] {
    return this.kept.again;
  }

  get lastEndedAt(): number | null {
    return this.kept.lastEndedAt;
  }

  get delivered(): number {
    return this.settled.delivered;
  }

  /** Another workflow takes the order up from PostgreSQL. */
  takeUp(): void {
    [this.state, this.window] = this.begin();
    this.run();
  }

  private begin(): [OrderState, RefillWindow] {
    const snapshot = this.kept.snapshot();
    const state = restoreOrder(this.terms, {
      ...this.settled,
      attention: this.attention,
      reason: null,
      runsBegun: 1,
      batches: snapshot.lastBatch,
      open: this.kept.openBatches(),
      owed: [],
      deliveredByEnded: 1000,
      nextRunAt: null,
      pausedAt: null,
      pausedBy: null,
      canceledBy: null,
      finishing: true,
      notes: this.timeline.length,
    });
    applySettled(state, { ...this.settled, refill: snapshot }, null);
    return [state, openWindow(state, snapshot)];
  }

  private run(): void {
    for (let steps = 0; !this.isClosed; steps += 1) {
      if (steps > 100) throw new Error('this window never waits');
      const step = decideRefill(this.state, this.window, this.now);
      if (step.do === 'close') this.isClosed = true;
      else if (step.do === 'wait') {
        if (step.until !== null && step.until <= this.now)
          throw new Error('this window waits until a time in the past');
        this.until = step.until;
        return;
      } else if (step.do === 'callForReview') callForReview(this.state, step.refill, step.why, step.before, this.now);
      else this.take(step);
    }
  }

  private take(step: Exclude<RefillStep, { do: 'wait' | 'close' | 'callForReview' }>): void {
    const { now, window, state } = this;
    switch (step.do) {
      case 'read':
        applyRefillsRead(state, window, this.kept.snapshot());
        break;
      case 'write':
        this.write();
        break;
      case 'open': {
        const { refill, request } = step;
        applyRefillOpened(state, window, refill, request.by, this.open(refill), now, true);
        break;
      }
      case 'ask': {
        const said = this.asked.shift() ?? { taken: 1, refused: 0, unclear: 0 };
        if (said.taken > 0) this.kept.row(step.refill).stage = 'tracked';
        applyRefillAsked(state, window, step.refill, said, now);
        break;
      }
      case 'resend': {
        const { number, quantity, resends } = step.batch;
        if (quantity <= 0 || quantity > (this.kept.snapshot().current?.missing ?? 0))
          throw new Error('the resend is empty or more than is missing');
        const fresh = { state: 'waiting', delivered: 0, attempts: 0, report: null } as const;
        this.again.set(number, { refill: step.refill.number, quantity, resends, ...fresh });
        Object.assign(this.kept.row(step.refill), { stage: 'resending', before: null });
        applyResent(state, step.refill, step.batch);
        break;
      }
      case 'send':
        this.send(step.batch);
        break;
      case 'decide': {
        const row = this.kept.againRow(step.batch.number);
        const { decision } = step;
        const attached = decision.kind === 'attach' && decision.providerOrder !== 'taken';
        if (attached) row.state = 'running';
        if (decision.kind === 'notPlaced') Object.assign(row, { state: 'waiting', attempts: row.attempts + 1 });
        const done = decision.kind !== 'attach' || attached;
        const decided = { kind: 'decided', batch: step.batch, decision, done, provider: 1, at: now } as const;
        applyRefillBatchNews(state, window, decided);
        break;
      }
      case 'askStop':
        for (const batch of step.batches) {
          this.stops.push(batch.number);
          applyStopAnswer(state, batch, { answer: 'accepted', at: now });
        }
        break;
      case 'endBatch':
        Object.assign(this.kept.againRow(step.batch.number), { state: 'done', delivered: step.batch.delivered });
        applyRefillBatchNews(state, window, { kind: 'endWritten', batch: step.batch });
        break;
      case 'correct':
        this.settled = { status: step.delivered === 0 ? 'Canceled' : 'Partial', delivered: step.delivered };
        applyCorrection(state, this.settled);
        decideOutcome(state, step.refill, 'Rejected', 'given back', step.refill.by);
        break;
      case 'end': {
        Object.assign(this.kept.row(step.refill), { stage: 'ended', before: null, outcome: step.outcome });
        for (const row of this.again.values()) row.state = 'done';
        this.attention = 'none';
        this.kept.lastEndedAt = now;
        applyRefillEnded(state, window, now);
        break;
      }
    }
  }

  private open({ number, reviewAt }: Refill): OpenedRefill {
    if (this.missing === 0) return { refused: 'nothing is missing' };
    if (this.refills.some(({ stage }) => stage !== 'ended')) throw new Error('two refills at once');
    const fresh = { before: null, outcome: null } as const;
    const isBelow = this.belowStart;
    this.refills[number - 1] ??= { ...fresh, stage: isBelow ? 'review' : 'asking', missing: this.missing, reviewAt };
    return { id: 69 + number, standing: this.kept.snapshot(), ...(isBelow ? { review: 'fewer than before' } : {}) };
  }

  private write(): void {
    const [change, refill] = [changeToWrite(this.state), refillChange(this.window)];
    this.attention = change.attention;
    if (refill !== null) Object.assign(this.refills[refill.number - 1] ?? {}, refill);
    this.timeline.push(...change.notes);
    applyWritten(this.state, change);
    this.window.written = refill;
  }

  private send(batch: Batch): void {
    applySendBegun(this.state, batch);
    const row = this.kept.againRow(batch.number);
    if (row.state !== 'waiting' && row.state !== 'sending')
      throw new Error(`a second send of a batch that is ${row.state}`);
    if (batch.attempt < row.attempts) throw new Error('an attempt that was released is made again');
    const outcome = this.sends.shift()?.() ?? { kind: 'accepted', provider: 1, providerOrder: 'p', at: this.now };
    if (outcome.kind !== 'exhausted' && outcome.kind !== 'paused') row.attempts = batch.attempt;
    if (outcome.kind === 'accepted') row.state = 'running';
    else if (outcome.kind === 'unknown') {
      row.state = 'uncertain';
      this.attention = 'uncertain';
    } else if (outcome.kind === 'refused' || outcome.kind === 'wait') row.attempts += 1;
    applyRefillBatchNews(this.state, this.window, { kind: 'sent', batch, outcome, at: this.now });
  }

  /** A person requests a refill. Returns the answer. */
  ask(): Answer {
    const refill = applyRefillRequest(this.state, { by: 'ann' }, false, this.now);
    this.run();
    return typeof refill === 'string' ? { ok: false, message: refill } : (refill.answer ?? { ok: false, message: '' });
  }

  resolve(action: string, more: Readonly<Record<string, unknown>> = {}): Answer {
    const message = { by: 'ann', action, ...more };
    const answer = applyRefillResolution(this.state, this.window, message, false, this.now);
    this.run();
    return answer;
  }

  /** The watch reports that a refill has ended at its providers. */
  ends(refill: number, rejected = 0, completed = rejected === 0 ? 1 : 0): void {
    applyRefillReport(this.state, this.window, { refill, completed, rejected }, this.now);
    this.run();
  }

  /** Reports a provider's status of a resent batch. */
  says(number: number, status: 'In progress' | 'Completed' | 'Partial' | 'Canceled', remains: number | null): void {
    const row = this.again.get(number);
    const version = (row?.report?.version ?? 0) + 1;
    const report = { status, remains, version, startCount: null, charge: '0.1', stalledSince: null };
    if (row?.state === 'running') row.report = report;
    applyResendReport(this.state, this.window, number, report, this.now);
    this.run();
  }

  pass(ms: number): void {
    const end = this.now + ms;
    while (!this.isClosed && this.until !== null && this.until <= end) {
      this.now = this.until;
      this.run();
    }
    this.now = end;
    this.run();
  }

  get types(): string[] {
    return this.timeline.map(({ type }) => type);
  }
}
