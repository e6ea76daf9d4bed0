import { agrees, type TargetCount } from '../../../domain/delivery/verification.ts';
import type { DispatchOutcome } from '../../../domain/dispatch/outcome.ts';
import { applySendBegun, applyStopAnswer } from '../../../domain/order/apply-batch.ts';
import { applyReport } from '../../../domain/order/apply-report.ts';
import { applyCancel, applyPause, applyResume } from '../../../domain/order/apply-request.ts';
import { applyResolution } from '../../../domain/order/apply-resolution.ts';
import { applyBatchNews, applyLinkFree, noteTurn } from '../../../domain/order/apply-send.ts';
import { applyRefreshed, applySettled, applyTargetCounted } from '../../../domain/order/apply-settlement.ts';
import { applyStateStep, applyWaitBegun, isStateStep, type StateStep } from '../../../domain/order/apply-step.ts';
import type { Answer } from '../../../domain/order/asks.ts';
import type { Batch, StopAnswer, VersionedReport } from '../../../domain/order/batch.ts';
import { decide, type Step } from '../../../domain/order/decide.ts';
import { applyWritten, changeToWrite, restoreOrder } from '../../../domain/order/snapshot.ts';
import { deliveredOf, type OrderState, reasonOf, runsRemain, type Terms } from '../../../domain/order/state.ts';
import type { Attention, FinalStatus, OrderStatus, Reason } from '../../../domain/order/status.ts';
import { attentionOf, type OrderEvent } from '../../../domain/order/timeline.ts';
import type { Row } from '../reads/order-rows.ts';
import { KeptOrder, type Sent } from './kept-order.ts';
import { START, termsOf } from './order-terms.ts';

/**
 * One order driven by a test instead of a workflow, with a database, a provider and a clock that the test controls.
 * Throws on a send of a batch that runs or may run, and on an order that never waits.
 */
export class HandDrivenOrder {
  state: OrderState;
  now = START;
  /** Outcomes of the next sends, each computed when the send is made. When there are none left, the provider accepts. */
  readonly answers: ((batch: Batch) => DispatchOutcome)[] = [];
  /** An earlier order for the link has not ended. Set it before this order begins. */
  behind = false;
  /** Happens once, while the order asks whether it is its turn. */
  private duringAsk: (() => void) | undefined;
  /** When each batch was first told to wait. */
  readonly firstWaits = new Map<number, number>();
  /** Called during the next send. */
  duringSend: (() => void) | undefined;
  readonly stops: number[] = [];
  /** The provider's answer to a stop request. */
  stopAnswer: StopAnswer = 'accepted';
  /** The counted state of the target for a number of delivered items; by default it shows all of them. */
  target: (delivered: number) => TargetCount = (delivered) => ({ kind: 'counted', start: 70, count: 70 + delivered });
  /** When the target was counted, and whether the count agreed. */
  readonly looks: { readonly at: number; readonly agreed: boolean }[] = [];
  settled: { status: FinalStatus; delivered: number; reason: Reason | null; actor: string } | undefined;
  private until: number | null = null;
  private running = false;
  private readonly kept: KeptOrder;

  constructor(terms: Terms = termsOf()) {
    this.kept = new KeptOrder(terms);
    this.state = restoreOrder(terms, this.kept.snapshot);
    this.run();
  }

  /** Takes steps until the order waits. A message that arrives during a step only changes the next step. */
  run(): void {
    if (this.running) return;
    this.running = true;
    this.runToWait();
    this.running = false;
  }

  private runToWait(): void {
    for (let steps = 0; this.settled === undefined; steps += 1) {
      if (steps > 300) throw new Error('this order never waits');
      const step = decide(this.state, this.now);
      if (step.do === 'wait') {
        if (step.until !== null && step.until <= this.now) throw new Error('this order waits until a time in the past');
        applyWaitBegun(this.state);
        this.until = step.until;
        return;
      }
      if (isStateStep(step)) applyStateStep(this.state, step, this.now);
      else this.take(step);
    }
  }

  /** Lets time pass, firing timers as a workflow would. */
  pass(ms: number): void {
    const end = this.now + ms;
    while (this.settled === undefined && this.until !== null && this.until <= end) {
      this.now = this.until;
      this.run();
    }
    this.now = end;
    this.run();
  }

  /** An outage: time passes without timers or messages. */
  outage(ms: number): void {
    this.now += ms;
    this.run();
  }

  /** Reports a provider's status, by default with a newer version than all before. */
  says(number: number, said: Partial<VersionedReport>): void {
    const row = this.row(number);
    const version = (row.report?.version ?? 0) + 1;
    this.tells(number, {
      status: 'In progress',
      remains: null,
      startCount: null,
      charge: null,
      stalledSince: null,
      version,
      ...said,
    });
  }

  /** Delivers a report with its own version, however old. */
  tells(number: number, report: VersionedReport): void {
    this.kept.report(number, report);
    applyReport(this.state, number, report, this.now);
    this.run();
  }

  cancel(by = 'ann', reason = ''): Answer {
    return this.answered(applyCancel(this.state, { by, reason }, this.now));
  }

  pause(by = 'ann', reason = ''): Answer {
    return this.answered(applyPause(this.state, { by, reason }, this.now));
  }

  resume(by = 'ann', reason = ''): Answer {
    return this.answered(applyResume(this.state, { by, reason }, this.now));
  }

  resolve(action: string, more: Readonly<Record<string, unknown>> = {}): Answer {
    return this.answered(applyResolution(this.state, { by: 'ann', reason: 'looked', action, ...more }, this.now));
  }

  private answered(answer: Answer): Answer {
    this.run();
    return answer;
  }

  /** The earlier order of the link ends, and this order is told. */
  freesLink(): void {
    this.hearsLinkFree();
    this.run();
  }

  private hearsLinkFree(): void {
    this.behind = false;
    applyLinkFree(this.state, this.now);
    noteTurn(this.state);
  }

  /** The earlier order ends, and this order is told, in the middle of its next question about its turn. */
  freesLinkWhileAsking(): void {
    this.duringAsk = () => this.hearsLinkFree();
  }

  /** A run completes in PostgreSQL, and the workflow is not told. */
  endsQuietly(number: number): void {
    this.kept.end(number, this.row(number).quantity);
  }

  /** Another workflow takes the order up from PostgreSQL. Reports that were not acknowledged are delivered again. */
  takeUp(): void {
    this.state = restoreOrder(this.terms, this.kept.snapshot);
    this.run();
    for (const [number, { report, acked }] of this.rows)
      if (report && report.version > acked) this.tells(number, report);
  }

  get status(): OrderStatus {
    return this.state.status;
  }

  get attention(): Attention {
    return attentionOf(this.state);
  }

  get reason(): Reason | null {
    return reasonOf(this.state);
  }

  get delivered(): number {
    return deliveredOf(this.state);
  }

  get runsRemain(): boolean {
    return runsRemain(this.state);
  }

  get terms(): Terms {
    return this.state.terms;
  }

  get types(): string[] {
    return this.timeline.map(({ type }) => type);
  }

  get rows(): ReadonlyMap<number, Row> {
    return this.kept.rows;
  }

  get sent(): readonly Sent[] {
    return this.kept.sent;
  }

  get timeline(): readonly OrderEvent[] {
    return this.kept.timeline;
  }

  row(number: number): Row {
    return this.kept.row(number);
  }

  private take(step: Exclude<Step, StateStep | { do: 'wait' }>): void {
    switch (step.do) {
      case 'write':
        this.write();
        break;
      case 'send':
        this.send(step.batch);
        break;
      case 'decide':
        this.decide(step);
        break;
      case 'askStop':
        for (const batch of step.batches) this.stop(batch);
        break;
      case 'endBatch':
        this.kept.end(step.batch.number, step.batch.delivered);
        applyBatchNews(this.state, { kind: 'endWritten', batch: step.batch });
        break;
      case 'refresh': {
        if (step.finish) this.kept.finish();
        const { open, deliveredByEnded } = this.kept.snapshot;
        applyRefreshed(this.state, new Set(open.map(({ batch }) => batch)), deliveredByEnded, step.finish);
        break;
      }
      case 'count': {
        const { delivered, terms } = this;
        const target = this.target(delivered);
        this.looks.push({ at: this.now, agreed: agrees(target, delivered, terms.verify?.tolerancePercent ?? 0) });
        applyTargetCounted(this.state, target, this.now);
        break;
      }
      case 'settle': {
        const { status, delivered, reason, actor } = step;
        this.settled = { status, delivered, reason, actor };
        applySettled(this.state, { status, delivered, refill: null }, reason);
      }
    }
  }

  private stop(batch: Batch): void {
    const said = { answer: this.stopAnswer, at: this.now };
    this.stops.push(batch.number);
    Object.assign(this.row(batch.number), { stopAsked: true, stop: said });
    applyStopAnswer(this.state, batch, said);
  }

  private write(): void {
    const change = changeToWrite(this.state);
    this.kept.write(change);
    applyWritten(this.state, change);
  }

  private send(batch: Batch): void {
    const { state } = this;
    const nextRunAt = this.runsRemain ? state.nextRunAt : null;
    applySendBegun(state, batch);
    const outcome = this.outcomeOf(batch, nextRunAt);
    applyBatchNews(state, { kind: 'sent', batch, outcome, at: this.now });
  }

  private outcomeOf(batch: Batch, nextRunAt: number | null): DispatchOutcome {
    if (!this.rows.has(batch.number)) {
      if (batch.number === 1 && this.behind) {
        const during = this.duringAsk;
        this.duringAsk = undefined;
        during?.();
        return { kind: 'queued' };
      }
      this.kept.begin(batch, nextRunAt);
    }
    return this.kept.outcomeOf(batch) ?? this.attempt(batch);
  }

  /** The provider's answer to an attempt that has not been made before. */
  private attempt(batch: Batch): DispatchOutcome {
    const { number } = batch;
    const during = this.duringSend;
    this.duringSend = undefined;
    during?.();
    const outcome = this.answers.shift()?.(batch) ?? {
      kind: 'accepted',
      provider: 1,
      providerOrder: `p${number}`,
      at: this.now,
    };
    if (outcome.kind !== 'exhausted' && outcome.kind !== 'paused') this.kept.record(batch, outcome, this.now);
    if (outcome.kind === 'wait' || outcome.kind === 'paused') {
      this.kept.wait(batch, this.now);
      if (!this.firstWaits.has(number)) this.firstWaits.set(number, this.now);
    }
    return outcome;
  }

  private decide({ batch, decision }: Extract<Step, { do: 'decide' }>): void {
    const done = this.kept.decide(batch, decision, this.now);
    applyBatchNews(this.state, { kind: 'decided', batch, decision, done, provider: 1, at: this.now });
  }
}
