import { Batch, type Decision, type VersionedReport } from './batch.ts';
import type { DispatchOutcome } from './dispatch.ts';
import { ATTENTIONS, type Attention, type FinalStatus, finalStatus, type OrderStatus, type Reason } from './order.ts';
import { nextDue } from './schedule.ts';

/** On what terms an order runs. Times are milliseconds since 1970, lengths milliseconds. */
export interface Terms {
  readonly quantity: number;
  readonly runs: number;
  readonly intervalMs: number;
  readonly totalQuantity: number;
  readonly startAt: number;
  readonly reviewAfterMs: number;
  readonly cancelable: boolean;
  /** What follows a run that did not deliver all: the next run, the missing part on the next route, or the end. */
  readonly afterFailedRun: 'continue' | 'retry' | 'stop';
}

/** An open batch as PostgreSQL knows it. */
export interface KnownBatch {
  readonly batch: number;
  readonly quantity: number;
  readonly state: 'waiting' | 'sending' | 'running' | 'uncertain';
  readonly attempts: number;
  readonly provider: number | null;
  readonly providerOrder: string | null;
  readonly reviewAt: number | null;
  readonly stopAsked: boolean;
  readonly resend: boolean;
}

/** Where an order stands: what a workflow that takes it up goes on from. */
export interface Standing {
  readonly status: OrderStatus;
  readonly attention: Attention;
  readonly reason: Reason | null;
  /** Runs that have a batch. */
  readonly runsBegun: number;
  /** The highest batch number. */
  readonly batches: number;
  readonly open: readonly KnownBatch[];
  /** What the ended batches delivered. */
  readonly deliveredByEnded: number;
  readonly nextRunAt: number | null;
  readonly pausedAt: number | null;
  readonly canceledBy: string | null;
  /** No further run is begun; every end of a batch is reported. */
  readonly finishing: boolean;
  readonly notes: number;
}

/** Something that happened, for the timeline; `number` makes writing it twice harmless. */
export interface Note {
  readonly number: number;
  readonly at: number;
  readonly type: string;
  readonly actor: string;
  readonly data: Readonly<Record<string, string | number>>;
}

/** What is to be done next; nothing else is done. */
export type Step =
  | { readonly do: 'write' }
  | { readonly do: 'send'; readonly batch: Batch }
  | { readonly do: 'askStop'; readonly batch: Batch }
  | { readonly do: 'decide'; readonly batch: Batch; readonly decision: Decision }
  | { readonly do: 'endBatch'; readonly batch: Batch }
  | { readonly do: 'refresh'; readonly finish: boolean }
  | {
      readonly do: 'settle';
      readonly status: FinalStatus;
      readonly delivered: number;
      readonly reason: Reason | null;
      readonly actor: string;
    }
  | { readonly do: 'wait'; readonly until: number | null; readonly why: string };

/**
 * The life of one accepted order, as data and rules, without Temporal and without effects. Whoever runs it asks `next` what
 * to do, does it, and tells it what came of it; messages change it in between.
 */
export class Life {
  readonly terms: Terms;
  status: OrderStatus;
  reason: Reason | null;
  /** Batches that have not ended, or whose end is not written yet. */
  batches: Batch[] = [];
  runsBegun: number;
  lastBatch: number;
  deliveredByEnded: number;
  nextRunAt: number;
  pausedAt: number | null;
  /** The provider paused it, so the provider may also resume it. */
  pausedByProvider = false;
  canceledBy: string | null;
  /** No further run is begun. */
  stopped = false;
  finishing: boolean;
  /** A person has said how much counts as delivered. */
  decided: { readonly delivered: number; readonly actor: string } | null = null;
  settled: { readonly status: FinalStatus; readonly delivered: number } | null = null;
  /** The clocks for stalling start again, with the next write. */
  restartClocks = false;
  /** Not written to PostgreSQL yet. */
  unwritten: Note[] = [];
  /** The last that happened, oldest first, for the Temporal UI. */
  readonly recent: Note[] = [];
  notes: number;
  private readonly flags = new Set<Attention>();
  private written: string;

  constructor(terms: Terms, standing: Standing) {
    this.terms = terms;
    this.status = standing.status;
    this.reason = standing.reason;
    this.runsBegun = standing.runsBegun;
    this.lastBatch = standing.batches;
    this.deliveredByEnded = standing.deliveredByEnded;
    this.nextRunAt = standing.nextRunAt ?? terms.startAt;
    this.pausedAt = standing.pausedAt;
    this.canceledBy = standing.canceledBy;
    this.finishing = standing.finishing;
    this.notes = standing.notes;
    this.batches = standing.open.map(takeUp);
    if (standing.attention !== 'none') this.flags.add(standing.attention);
    if (standing.pausedAt !== null) this.flags.add('paused');
    if (this.batches.some(({ state }) => state === 'uncertain')) this.flags.add('uncertain');
    this.written = this.attention;
  }

  /** The last in the list of attentions that holds. */
  get attention(): Attention {
    return ATTENTIONS.findLast((attention) => this.flags.has(attention)) ?? 'none';
  }

  get hasEnded(): boolean {
    return this.settled !== null;
  }

  /** Whether anything may be with a provider. */
  get sent(): boolean {
    return this.status !== 'Pending';
  }

  /** What is known to be delivered, here; the running number is in PostgreSQL. */
  get delivered(): number {
    return this.settled?.delivered ?? this.batches.reduce((sum, batch) => sum + batch.delivered, this.deliveredByEnded);
  }

  raise(attention: Attention): void {
    this.flags.add(attention);
  }

  clear(...attentions: readonly Attention[]): void {
    for (const attention of attentions) this.flags.delete(attention);
  }

  note(at: number, type: string, actor: string, data: Note['data'] = {}): void {
    this.notes += 1;
    const note = { number: this.notes, at, type, actor, data };
    this.unwritten.push(note);
    this.recent.push(note);
    if (this.recent.length > RECENT) this.recent.shift();
  }

  /** What PostgreSQL does not know yet. */
  change() {
    return {
      attention: this.attention,
      reason: this.reason,
      pausedAt: this.pausedAt,
      canceledBy: this.canceledBy,
      nextRunAt: this.runsRemain ? this.nextRunAt : null,
      batches: this.batches
        .filter(({ state }) => state === 'running')
        .map(({ number, reviewAt, resend, report }) => ({
          batch: number,
          reviewAt: reviewAt ?? 0,
          resend,
          acked: report?.version ?? 0,
        })),
      notes: [...this.unwritten],
      restartClocks: this.restartClocks,
    };
  }

  /** What was written is written; what came meanwhile is still to be. */
  wrote({ notes, attention, restartClocks }: ReturnType<Life['change']>): void {
    this.unwritten = this.unwritten.slice(notes.length);
    this.written = attention;
    if (restartClocks) this.restartClocks = false;
  }

  /** What the provider said to the wish to stop a batch. */
  stopAnswered(batch: Batch, answer: 'accepted' | 'refused' | 'unclear', now: number): void {
    batch.stopAsked = true;
    this.note(now, 'stop.asked', 'provider', { batch: batch.number, answer });
  }

  /** The next step. Called again whenever something has changed. */
  next(now: number): Step {
    if (this.unwritten.length > 0 || this.attention !== this.written) return { do: 'write' };
    const undecided = this.batches.find(({ decision }) => decision !== null);
    if (undecided?.decision) return { do: 'decide', batch: undecided, decision: undecided.decision };
    const stop = this.batches.find((batch) => this.wantsStop(batch));
    if (stop !== undefined) return { do: 'askStop', batch: stop };
    if (this.decided !== null) return this.settlement(this.decided.delivered, this.decided.actor);
    const ended = this.batches.find(({ state }) => state === 'ended');
    if (ended !== undefined && !this.finishing) return { do: 'endBatch', batch: ended };
    const due = this.dueToSend(now);
    if (due !== undefined) return { do: 'send', batch: due };
    if (!this.finishing && !this.runsRemain) return { do: 'refresh', finish: true };
    if (this.finishing && !this.runsRemain && this.batches.every(({ state }) => state === 'ended')) {
      return this.settlement(this.delivered, this.canceledBy ?? 'provider');
    }
    const overdue = this.batches.some((batch) => this.reviewAtOf(batch) <= now);
    if (overdue) return this.overdue(now);
    return this.waiting();
  }

  /** Whether a run is still to be begun. */
  get runsRemain(): boolean {
    return !this.stopped && this.canceledBy === null && this.runsBegun < this.terms.runs;
  }

  /** What came of sending a batch. */
  sendEnded(batch: Batch, outcome: DispatchOutcome, now: number): void {
    const where = { batch: batch.number, attempt: batch.attempt };
    switch (outcome.kind) {
      case 'accepted':
        batch.state = 'running';
        batch.provider = outcome.provider;
        batch.providerOrder = outcome.providerOrder;
        batch.reviewAt = outcome.at + this.terms.reviewAfterMs;
        this.status = 'In progress';
        break;
      case 'refused':
        batch.attempt += 1;
        break;
      case 'wait':
        batch.attempt += 1;
        batch.sendAt = now + outcome.seconds * 1_000;
        break;
      case 'unknown':
        batch.state = 'uncertain';
        this.flags.add('uncertain');
        // The attempt's own commit has shown it already.
        this.written = this.attention;
        break;
      case 'exhausted':
        batch.end(0);
        this.reason = 'refused';
        this.note(now, 'batch.refused', 'system', where);
        this.runFailed(batch, now);
    }
  }

  /**
   * A person's word about an uncertain batch was written; `attached` is false when that order of the provider is another
   * batch's, and then nothing has changed.
   */
  uncertainDecided(batch: Batch, decision: Decision, attached: boolean, provider: number | null, now: number): void {
    batch.decision = null;
    if (decision.kind === 'attach' && !attached) {
      this.note(now, 'resolve.refused', 'system', { why: `order ${decision.providerOrder} belongs to another batch` });
      return;
    }
    if (decision.kind === 'attach') {
      batch.state = 'running';
      batch.provider = provider;
      batch.providerOrder = decision.providerOrder;
      batch.reviewAt = now + this.terms.reviewAfterMs;
      this.status = 'In progress';
    } else if (decision.kind === 'notPlaced') {
      batch.state = 'sending';
      batch.attempt += 1;
    } else {
      batch.end(0);
      this.reason ??= 'unknown';
    }
    if (!this.batches.some(({ state }) => state === 'uncertain')) this.clear('uncertain');
  }

  /** Begins the next run, when one is due. */
  private dueToSend(now: number): Batch | undefined {
    if (this.canceledBy !== null || this.stopped) {
      // What was not sent yet never is.
      for (const batch of this.batches) if (batch.state === 'sending') batch.end(0);
      return undefined;
    }
    if (this.pausedAt !== null) return undefined;
    const again = this.batches.find((batch) => batch.state === 'sending' && batch.sendAt <= now);
    if (again !== undefined) return again;
    if (!this.runsRemain || this.nextRunAt > now) return undefined;
    const run = new Batch(this.lastBatch + 1, this.terms.quantity);
    this.lastBatch = run.number;
    this.runsBegun += 1;
    this.nextRunAt = nextDue(this.nextRunAt, now, this.terms.intervalMs);
    this.batches.push(run);
    return run;
  }

  /** A provider's word. */
  report(number: number, report: VersionedReport, now: number): void {
    const batch = this.batches.find((one) => one.number === number);
    if (batch === undefined || !batch.take(report)) return;
    this.providerPause(batch, now);
    this.stalled(report.stalledSince, batch, now);
    const { verdict } = batch;
    if (verdict.kind === 'conflict') {
      this.flags.add('conflict');
      this.note(now, 'order.conflict', 'provider', { batch: number, why: verdict.why });
    } else if (verdict.kind === 'ended') {
      batch.end(verdict.delivered);
      if (!this.batches.some((one) => one.verdict.kind === 'conflict' && one.state === 'running'))
        this.clear('conflict');
      if (verdict.delivered < batch.quantity) {
        this.reason ??= this.canceledBy === null ? 'unknown' : 'requested';
        this.runFailed(batch, now);
      }
    }
  }

  private stalled(since: number | null, batch: Batch, now: number): void {
    if (since !== null && !this.flags.has('stalled')) {
      this.flags.add('stalled');
      this.note(now, 'order.stalled', 'system', { batch: batch.number, since });
    } else if (since === null && this.flags.delete('stalled')) {
      this.note(now, 'order.moving', 'provider', { batch: batch.number });
    }
  }

  private providerPause(batch: Batch, now: number): void {
    const paused = batch.report?.status === 'Paused';
    if (paused && this.pausedAt === null) {
      this.pause(now, 'provider', 'unknown', 'the provider paused it');
      this.pausedByProvider = true;
    } else if (!paused && this.pausedByProvider) {
      this.resume(now, 'provider', 'the provider goes on');
    }
  }

  pause(now: number, actor: string, reason: Reason, why: string): void {
    this.pausedAt = now;
    this.reason = reason;
    this.flags.add('paused');
    this.note(now, 'order.paused', actor, { reason, why });
  }

  /** Goes on: what was due meanwhile is due now, and no clock counts the pause. */
  resume(now: number, actor: string, why: string): void {
    const paused = now - (this.pausedAt ?? now);
    for (const batch of this.batches) if (batch.reviewAt !== null) batch.reviewAt += paused;
    this.nextRunAt = Math.max(this.nextRunAt, this.runsBegun === 0 ? this.terms.startAt : now);
    this.pausedAt = null;
    this.pausedByProvider = false;
    this.reason = null;
    this.flags.delete('paused');
    this.note(now, 'order.resumed', actor, { why });
  }

  /** What is missing of a run is sent again, or ends the order, or is left at that, as the service says. */
  private runFailed(batch: Batch, now: number): void {
    const missing = batch.quantity - batch.delivered;
    const again = batch.resend || (this.terms.runs > 1 && this.terms.afterFailedRun === 'retry' && batch.delivered > 0);
    if (again && this.canceledBy === null && !this.stopped) {
      const rest = new Batch(this.lastBatch + 1, missing, batch.number);
      this.lastBatch = rest.number;
      this.batches.push(rest);
      this.note(now, 'batch.resent', 'system', { batch: batch.number, as: rest.number, quantity: missing });
    } else if (this.terms.afterFailedRun === 'stop' && this.runsRemain) {
      this.stopped = true;
      this.note(now, 'order.stopped', 'system', { batch: batch.number });
    }
  }

  private wantsStop(batch: Batch): boolean {
    const unwanted = this.canceledBy !== null || this.decided !== null || batch.resend;
    return unwanted && batch.state === 'running' && !batch.stopAsked;
  }

  private settlement(delivered: number, actor: string): Step {
    const counted = Math.min(delivered, this.terms.totalQuantity);
    const status = finalStatus(counted, this.terms.totalQuantity);
    const reason =
      status === 'Completed' ? null : (this.reason ?? (this.canceledBy === null ? 'unknown' : 'requested'));
    return { do: 'settle', status, delivered: counted, reason, actor };
  }

  /** The cap applies to running batches that are not paused and have not been shown already. */
  private reviewAtOf({ state, reviewAt }: Batch): number {
    const shown = this.pausedAt !== null || this.flags.has('review') || state !== 'running';
    return shown || reviewAt === null ? Number.POSITIVE_INFINITY : reviewAt;
  }

  private refreshedAt = 0;

  /** Of a drip-feed, batches may have ended without a word: what is open is read again before anybody is called. */
  private overdue(now: number): Step {
    if (this.terms.runs > 1 && this.refreshedAt !== now) {
      this.refreshedAt = now;
      return { do: 'refresh', finish: false };
    }
    this.flags.add('review');
    this.note(now, 'order.review', 'system', { why: 'In progress for too long' });
    return { do: 'write' };
  }

  /** What PostgreSQL says is still open, and what the ended batches amount to. */
  refreshed(open: ReadonlySet<number>, deliveredByEnded: number, finish: boolean): void {
    this.batches = this.batches.filter(({ number, state }) => state === 'sending' || open.has(number));
    this.deliveredByEnded = deliveredByEnded;
    if (finish) this.finishing = true;
  }

  /** The end of a batch has been written. */
  batchWritten(batch: Batch): void {
    this.deliveredByEnded += batch.delivered;
    this.batches = this.batches.filter((one) => one !== batch);
  }

  end(status: FinalStatus, delivered: number, reason: Reason | null): void {
    this.settled = { status, delivered };
    this.status = status;
    this.reason = reason;
    this.flags.clear();
    this.written = 'none';
  }

  private waiting(): Step {
    const reviews = this.batches.map((batch) => this.reviewAtOf(batch));
    const sends =
      this.pausedAt === null ? this.batches.filter(({ state }) => state === 'sending').map(({ sendAt }) => sendAt) : [];
    const run = this.runsRemain && this.pausedAt === null ? this.nextRunAt : Number.POSITIVE_INFINITY;
    const until = Math.min(run, ...sends, ...reviews);
    const why =
      until === run ? 'the next run' : sends.includes(until) ? 'try a provider again' : 'cap on the time In progress';
    return { do: 'wait', until: Number.isFinite(until) ? until : null, why };
  }
}

/** How many of the last notes are shown in the Temporal UI. */
const RECENT = 12;

/** A batch as it was left: an attempt whose outcome was not seen is asked for again, its outcome is recorded. */
function takeUp(known: KnownBatch): Batch {
  const batch = new Batch(known.batch, known.quantity);
  batch.attempt = Math.max(known.attempts, 1);
  batch.provider = known.provider;
  batch.providerOrder = known.providerOrder;
  batch.reviewAt = known.reviewAt;
  batch.stopAsked = known.stopAsked;
  batch.resend = known.resend;
  batch.state = known.state === 'running' ? 'running' : known.state === 'uncertain' ? 'uncertain' : 'sending';
  return batch;
}
