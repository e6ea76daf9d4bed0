import { disagreement, type TargetCount, Verification } from '../delivery/verification.ts';
import type { DispatchOutcome } from '../dispatch/outcome.ts';
import { Asks } from './asks.ts';
import { Batch, type Decision, type VersionedReport } from './batch.ts';
import { hear, hearCorrection } from './hearing.ts';
import { nextStep } from './next-step.ts';
import { sendEnded, uncertainDecided } from './sending.ts';
import { attentionsOf, makeNote, type Settled, type Standing, type Step, type Terms } from './standing.ts';
import type { OrderStatus, Reason } from './status.ts';
import type { StopSaid } from './stops.ts';
import { Journal } from './timeline.ts';

/**
 * The life of one accepted order, as data and rules, without Temporal and without effects. Whoever runs it asks `next` what
 * to do, does it, and tells it what came of it; messages change it in between.
 */
export class Life extends Journal {
  readonly terms: Terms;
  /** What the API asked, until it is known that it was the API. */
  readonly asks = new Asks();
  /** Its history began before stops went on beside, asks were proved and repeated ones cost nothing: it goes on as it began. */
  isOld = false;
  status: OrderStatus;
  /** Batches that have not ended, or whose end is not written yet. */
  batches: Batch[];
  runsBegun: number;
  lastBatch: number;
  deliveredByEnded: number;
  nextRunAt: number;
  /** Behind an earlier order for the link: when it is looked again whether that has ended; 0 when it is not. */
  queuedUntil = 0;
  pausedAt: number | null;
  /** `provider` when the provider paused it, so that the provider may also resume it. */
  pausedBy: string | null;
  canceledBy: string | null;
  /** No further run is begun. */
  stopped: boolean;
  finishing: boolean;
  /** A person has said how much counts as delivered. */
  decided: { readonly delivered: number; readonly actor: string } | null = null;
  settled: Settled | null = null;
  verification = new Verification();
  /** Its settlement is being written: what comes now comes too late. */
  settling = false;
  /** The clocks for stalling start again, with the next write. */
  restartClocks = false;
  /** The next run is due later than was written. */
  shifted = false;
  /** What is open has been read again since the last wait. */
  looked = false;
  private pauseReason: Reason | null = null;
  /** Why something was not delivered. */
  shortfall: Reason | null = null;

  constructor(terms: Terms, standing: Standing) {
    super(standing.notes, standing.attention);
    this.terms = terms;
    this.status = standing.status;
    this.runsBegun = standing.runsBegun;
    this.lastBatch = standing.batches;
    this.deliveredByEnded = standing.deliveredByEnded;
    this.nextRunAt = standing.nextRunAt ?? terms.startAt;
    this.pausedAt = standing.pausedAt;
    this.pausedBy = standing.pausedBy;
    this.canceledBy = standing.canceledBy;
    this.finishing = standing.finishing;
    // A drip-feed that is finishing before its last run was stopped.
    this.stopped = standing.finishing && terms.runs > 1 && standing.runsBegun < terms.runs;
    this.batches = standing.open.map(Batch.takenUp);
    for (const { batch, missing } of standing.owed) this.sendAgain(batch, missing);
    if (standing.pausedAt === null) this.shortfall = standing.reason;
    else this.pauseReason = standing.reason;
    this.raise(...attentionsOf(standing, this.batches));
    for (const batch of this.batches) batch.looked = !this.has('conflict');
  }

  /** Why the order is paused, or did not deliver all. */
  get reason(): Reason | null {
    return this.pausedAt === null ? this.shortfall : this.pauseReason;
  }

  get hasEnded(): boolean {
    return this.settling || this.settled !== null;
  }

  /** Whether anything may be with a provider, or was. */
  get sent(): boolean {
    return (
      this.status === 'In progress' || this.batches.some(({ inFlight, state }) => inFlight || state === 'uncertain')
    );
  }

  /** What is known to be delivered, here; the running number is in PostgreSQL. */
  get delivered(): number {
    return this.settled?.delivered ?? this.batches.reduce((sum, batch) => sum + batch.delivered, this.deliveredByEnded);
  }

  /** What was delivered has not been found at the target yet, and is not charged for before. */
  get isUnverified(): boolean {
    // Histories from before there were counters say nothing about it.
    return Boolean(this.terms.verify) && this.delivered > 0 && !this.verification.agreed;
  }

  /** Whether a run is still to be begun. */
  get runsRemain(): boolean {
    return !this.stopped && this.canceledBy === null && this.runsBegun < this.terms.runs;
  }

  /** Whether something has happened that PostgreSQL does not know. */
  get hasNews(): boolean {
    const unacked = ({ state, report, acked }: Batch) => state === 'running' && (report?.version ?? 0) > acked;
    return this.isUntold || this.shifted || this.batches.some(unacked);
  }

  /** What PostgreSQL does not know yet. */
  change() {
    return {
      attention: this.attention,
      reason: this.reason,
      pausedAt: this.pausedAt,
      pausedBy: this.pausedBy,
      canceledBy: this.canceledBy,
      nextRunAt: this.runsRemain && this.settled === null ? this.nextRunAt : null,
      batches: this.batches
        .filter(({ state, reviewAt }) => state === 'running' || (state === 'sending' && reviewAt !== null))
        .map(({ number, reviewAt, resend, report }) => ({
          batch: number,
          reviewAt: reviewAt ?? 0,
          resend,
          acked: report?.version ?? 0,
        })),
      notes: [...this.unwritten],
      restartClocks: this.restartClocks,
      ...(this.asks.open.size === 0 ? {} : { asks: [...this.asks.open.values()] }),
    };
  }

  /** What was written is written; what came meanwhile is still to be. */
  wrote({ notes, attention, restartClocks, batches }: ReturnType<Life['change']>): void {
    this.told(notes.length, attention);
    this.shifted = false;
    if (restartClocks) this.restartClocks = false;
    const acked = new Map(batches.map((one) => [one.batch, one.acked]));
    for (const batch of this.batches) batch.acked = Math.max(batch.acked, acked.get(batch.number) ?? 0);
  }

  /** Whoever wrote the order down has checked who asked: `actors` are the true ones of those that stood in for them. */
  provedBy(actors: Readonly<Record<string, string>>): void {
    for (const [standIn, actor] of Object.entries(actors)) {
      this.asks.open.delete(standIn);
      this.renameActor(standIn, actor);
      if (this.pausedBy === standIn) this.pausedBy = actor;
      if (this.canceledBy === standIn) this.canceledBy = actor;
      if (this.decided?.actor === standIn) this.decided = { ...this.decided, actor };
    }
  }

  /** A refusal, with a line in the timeline; the same one is told once in a while. */
  noteRefusal(now: number, type: string, actor: string, why: string): void {
    if (this.isOld || this.isNewRefusal(now, `${type}: ${why}`)) this.note(now, type, actor, { why });
  }

  /** The next step. Called again whenever something has changed. */
  next(now: number): Step {
    return nextStep(this, now);
  }

  /** A provider's word. */
  report(number: number, report: VersionedReport, now: number): void {
    hear(this, number, report, now);
  }

  /** After the end: a provider took something back, and the order stands like this now. */
  corrected(message: unknown, now: number): void {
    hearCorrection(this, message, now);
  }

  /** What the provider said to the wish to stop a batch; whoever asked it has told the timeline. */
  stopAnswered(batch: Batch, said: StopSaid): void {
    batch.stopAsked = true;
    batch.stop = said;
    const data = { batch: batch.number, answer: said.answer };
    if (this.isOld) this.note(said.at, 'stop.asked', 'provider', data);
    else this.remember(makeNote(this.notes, said.at, 'stop.asked', 'provider', data));
  }

  /** What came of sending a batch. */
  sendEnded(batch: Batch, outcome: DispatchOutcome, now: number): void {
    sendEnded(this, batch, outcome, now);
    this.hearEarly(batch, now);
  }

  /** A person's word about an uncertain batch was written; `attached`: that order of the provider is its own now. */
  uncertainDecided(batch: Batch, decision: Decision, attached: boolean, provider: number | null, now: number): void {
    uncertainDecided(this, batch, decision, attached, provider, now);
    this.hearEarly(batch, now);
  }

  private hearEarly(batch: Batch, now: number): void {
    const report = batch.heardEarly();
    if (report !== null) hear(this, batch.number, report, now);
  }

  /** The order before this one has ended, as far as is known. */
  turn(now: number): void {
    this.queuedUntil = Math.min(this.queuedUntil, now);
  }

  pause(now: number, actor: string, reason: Reason, why: string): void {
    this.pausedAt ??= now;
    this.pausedBy = actor;
    this.pauseReason = reason;
    this.raise('paused');
    this.note(now, 'order.paused', actor, { reason, why });
  }

  /** Goes on: what was due meanwhile is due now, and no clock counts the pause. */
  resume(now: number, actor: string, why: string): void {
    const paused = now - (this.pausedAt ?? now);
    for (const batch of this.batches) if (batch.reviewAt !== null) batch.reviewAt += paused;
    this.nextRunAt = Math.max(this.nextRunAt, this.runsBegun === 0 ? this.terms.startAt : now);
    this.pausedAt = null;
    this.pausedBy = null;
    this.pauseReason = null;
    this.clear('paused');
    this.note(now, 'order.resumed', actor, { why });
  }

  /** What is missing of a batch is to be sent as one of its own; returns its number. */
  sendAgain(batch: number, missing: number): number {
    this.lastBatch += 1;
    this.batches.push(new Batch(this.lastBatch, missing, batch));
    return this.lastBatch;
  }

  /** A look at the target, once all that was sent has ended. */
  counted(target: TargetCount, now: number): void {
    if (!this.terms.verify) return;
    this.verification.take(target, this.delivered, this.terms.verify, now);
    if (this.verification.agreed || !this.verification.isInVain || this.has('conflict')) return;
    this.raise('conflict');
    this.note(now, 'order.conflict', 'system', { why: disagreement(target, this.delivered) });
  }

  /** What PostgreSQL says is still open, and what the ended batches amount to. */
  refreshed(open: ReadonlySet<number>, deliveredByEnded: number, finish: boolean): void {
    this.batches = this.batches.filter(({ number, state }) => state === 'sending' || open.has(number));
    this.deliveredByEnded = deliveredByEnded;
    this.looked = true;
    if (finish) this.finishing = true;
  }

  /** The end of a batch has been written. */
  batchWritten(batch: Batch): void {
    this.deliveredByEnded += batch.delivered;
    this.batches = this.batches.filter((one) => one !== batch);
  }

  /** What was given back after the settlement is no longer counted as delivered. */
  standsAt({ status, delivered }: Pick<Settled, 'status' | 'delivered'>): void {
    if (this.settled === null) return;
    this.settled = { ...this.settled, status, delivered };
    this.status = status;
    this.shortfall ??= 'unknown';
  }

  end(settled: Settled, reason: Reason | null): void {
    this.settled = settled;
    this.status = settled.status;
    for (const batch of this.batches) if (batch.state !== 'ended') batch.end(batch.delivered);
    this.pausedAt = null;
    this.pausedBy = null;
    this.shortfall = reason;
    this.calm();
  }
}
