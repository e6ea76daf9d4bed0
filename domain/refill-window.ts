import { Batch, type VersionedReport } from './batch.ts';
import type { DispatchOutcome } from './dispatch.ts';
import type { Life } from './life.ts';
import {
  type KnownRefill,
  type RefillOutcome,
  type RefillStage,
  type RefillStanding,
  type RefillTerms,
  refillStatus,
  refillUntil,
  whyNoRefill,
} from './refill.ts';
import type { Answer, Request } from './requests.ts';

/** What came of asking for a refill; `refill` is its id. */
export interface RefillAnswer extends Answer {
  readonly refill?: number;
}

/** What is to be done next for the refills of a Completed order; nothing else is done. */
export type RefillStep =
  | { readonly do: 'write' }
  | { readonly do: 'open'; readonly refill: Refill }
  | { readonly do: 'ask'; readonly refill: Refill }
  | { readonly do: 'resend'; readonly refill: Refill; readonly batch: number; readonly quantity: number }
  | { readonly do: 'send'; readonly batch: Batch }
  | { readonly do: 'decide'; readonly batch: Batch; readonly decision: NonNullable<Batch['decision']> }
  | { readonly do: 'endBatch'; readonly batch: Batch }
  | { readonly do: 'correct'; readonly refill: Refill; readonly delivered: number }
  | { readonly do: 'end'; readonly refill: Refill; readonly outcome: RefillOutcome }
  | { readonly do: 'wait'; readonly until: number | null; readonly why: string }
  | { readonly do: 'close' };

/** One refill as its order follows it. */
export class Refill {
  readonly number: number;
  /** Who asked and why; null for one that is taken up. */
  readonly request: Request | null;
  id: number | null = null;
  /** `requested` until it is written down. */
  stage: 'requested' | RefillStage = 'requested';
  /** How many items are gone; null when nobody could count them. */
  missing: number | null = null;
  /** What is sent again, while it is. */
  batch: Batch | null = null;
  /** Not ended until then, a person looks at it. */
  reviewAt: number;
  outcome: RefillOutcome | null = null;
  why = '';
  by = 'provider';
  /** A person gives money back instead: so much counts as delivered. */
  counts: number | null = null;
  /** What it is waited for when a person lets it go on. */
  before: 'tracked' | 'resending' | null = null;
  /** For the update that asked. */
  answer: RefillAnswer | undefined;

  constructor(number: number, request: Request | null, reviewAt: number) {
    this.number = number;
    this.request = request;
    this.reviewAt = reviewAt;
  }

  static takenUp(known: KnownRefill): Refill {
    const refill = new Refill(known.number, null, known.reviewAt);
    refill.id = known.id;
    refill.stage = known.stage;
    refill.missing = known.missing;
    refill.batch = known.batch === null ? null : Batch.takenUp(known.batch);
    refill.before = known.before;
    return refill;
  }

  get status() {
    return this.stage === 'requested' ? 'Pending' : refillStatus(this.stage, this.outcome);
  }
}

/**
 * The time after Completed in which an order is refilled: at most one refill at a time, each followed to its end, also
 * beyond the window. Whoever runs it asks `next` what to do, does it, and tells it what came of it.
 */
export class RefillWindow {
  readonly until: number;
  readonly completedAt: number;
  readonly terms: RefillTerms;
  current: Refill | null;
  taken: number;
  private readonly life: Life;
  private lastEndedAt: number | null;
  private lastBatch: number;
  /** What PostgreSQL knows of the current refill's stage. */
  private written: string;

  constructor(life: Life, standing: RefillStanding) {
    this.life = life;
    this.terms = life.terms.refill;
    this.completedAt = standing.completedAt;
    this.until = refillUntil(standing.completedAt, this.terms);
    this.taken = standing.taken;
    this.lastEndedAt = standing.lastEndedAt;
    this.lastBatch = standing.lastBatch;
    this.current = standing.current === null ? null : Refill.takenUp(standing.current);
    this.written = this.stageToWrite;
    if (this.current?.batch) life.batches.push(this.current.batch);
    if (this.current?.stage === 'review') life.raise('review');
    if (this.current?.batch?.state === 'uncertain') life.raise('uncertain');
  }

  next(now: number): RefillStep {
    const { current: refill, life } = this;
    if (life.hasNews || this.stageToWrite !== this.written) return { do: 'write' };
    if (refill === null) {
      return now >= this.until ? { do: 'close' } : { do: 'wait', until: this.until, why: 'the refill window ends' };
    }
    const { batch } = refill;
    if (batch?.decision) return { do: 'decide', batch, decision: batch.decision };
    if (batch?.state === 'ended') return { do: 'endBatch', batch };
    if (refill.outcome !== null) return { do: 'end', refill, outcome: refill.outcome };
    if (refill.counts !== null) return { do: 'correct', refill, delivered: refill.counts };
    if (refill.stage === 'requested') return { do: 'open', refill };
    if (refill.stage === 'asking') return { do: 'ask', refill };
    if (refill.stage === 'resending' && batch === null) {
      return { do: 'resend', refill, batch: this.lastBatch + 1, quantity: refill.missing ?? 0 };
    }
    if (batch?.state === 'sending' && (batch.inFlight || batch.sendAt <= now)) {
      batch.inFlight = true;
      return { do: 'send', batch };
    }
    if (refill.stage !== 'review' && refill.reviewAt <= now) {
      this.callSomebody('it has not ended in time', now);
      return { do: 'write' };
    }
    const look = refill.stage === 'review' ? Number.POSITIVE_INFINITY : refill.reviewAt;
    const until = Math.min(look, batch?.state === 'sending' ? batch.sendAt : look);
    return Number.isFinite(until)
      ? { do: 'wait', until, why: 'the refill' }
      : { do: 'wait', until: null, why: 'a person decides about the refill' };
  }

  /** Somebody asks for a refill: the one to be opened, or why there is none. */
  request(request: Request, now: number): Refill | string {
    const { settled } = this.life;
    const refused = whyNoRefill(
      {
        status: settled?.status ?? this.life.status,
        completedAt: this.completedAt,
        delivered: settled?.delivered ?? 0,
        underWay: this.current !== null,
        taken: this.taken,
        lastEndedAt: this.lastEndedAt,
      },
      this.terms,
      now,
    );
    if (refused !== undefined) return refused;
    this.current = new Refill(this.taken + 1, request, now + this.life.terms.reviewAfterMs);
    this.written = this.stageToWrite;
    return this.current;
  }

  /** It was looked at and written down, or refused for what the look showed. */
  opened(refill: Refill, result: { id: number; missing: number | null } | { refused: string }, now: number): void {
    if ('refused' in result) {
      this.refused(refill, result.refused, now);
      return;
    }
    this.taken = refill.number;
    refill.id = result.id;
    refill.missing = result.missing;
    refill.stage = 'asking';
    this.written = this.stageToWrite;
    refill.answer = { ok: true, message: 'the refill is asked for at the provider', refill: result.id };
  }

  private refused(refill: Refill, why: string, now: number): void {
    this.current = null;
    this.written = this.stageToWrite;
    this.life.note(now, 'refill.refused', refill.request?.by ?? 'system', { why });
    refill.answer = { ok: false, message: why };
  }

  /** What the providers said to the wish for a refill: so many of its batches they take, so many they do not. */
  asked(refill: Refill, { taken, refused }: { taken: number; refused: number }, now: number): void {
    if (taken > 0) {
      refill.stage = 'tracked';
      this.written = this.stageToWrite;
      if (refused > 0) this.life.note(now, 'refill.short', 'provider', { refill: refill.number, taken, refused });
    } else {
      this.notByProvider(refill, 'the provider does not refill it', now);
    }
  }

  /** A provider has said its last word about each part of a refill that it took. */
  reported(number: number, rejected: number, now: number): void {
    const refill = this.current;
    if (refill?.number !== number || refill.outcome !== null) return;
    if (refill.stage !== 'tracked' && refill.before !== 'tracked') return;
    if (rejected === 0) this.decide(refill, 'Completed', '', 'provider');
    else this.notByProvider(refill, 'the provider rejected it', now);
  }

  private notByProvider(refill: Refill, why: string, now: number): void {
    if (this.terms.fallback === 'resend' && (refill.missing ?? 0) > 0) {
      this.sendAgain(refill, now);
      this.life.note(now, 'refill.resent', 'system', { refill: refill.number, quantity: refill.missing ?? 0, why });
    } else {
      this.callSomebody(why, now);
    }
  }

  private callSomebody(why: string, now: number): void {
    const refill = this.current;
    if (refill === null) return;
    const waits = refill.batch !== null ? 'resending' : refill.stage === 'tracked' ? 'tracked' : null;
    refill.before = why === 'it has not ended in time' ? waits : null;
    refill.stage = 'review';
    this.life.raise('review');
    this.life.note(now, 'order.review', 'system', { refill: refill.number, why });
  }

  /** A person lets it go on until then. */
  goOn(refill: Refill, until: number): void {
    refill.stage = refill.before ?? refill.stage;
    refill.before = null;
    refill.reviewAt = until;
    this.life.clear('review');
  }

  /** A person has what is missing sent again. */
  sendAgain(refill: Refill, now: number): void {
    refill.stage = 'resending';
    refill.before = null;
    refill.reviewAt = now + this.life.terms.reviewAfterMs;
    this.life.clear('review');
  }

  /** What is missing is about to be sent again, as this batch. */
  resending(refill: Refill, number: number, quantity: number): void {
    this.lastBatch = number;
    refill.batch = new Batch(number, quantity, 1);
    this.life.batches.push(refill.batch);
  }

  /** What came of sending what is missing again. */
  sendEnded(batch: Batch, outcome: DispatchOutcome, now: number): void {
    batch.inFlight = false;
    switch (outcome.kind) {
      case 'accepted':
        this.runs(batch, outcome.provider, outcome.providerOrder, outcome.at);
        break;
      case 'refused':
        batch.attempt += 1;
        break;
      case 'wait':
        batch.attempt += 1;
        batch.sendAt = now + outcome.seconds * 1_000;
        break;
      case 'paused':
        batch.sendAt = now + outcome.seconds * 1_000;
        break;
      case 'unknown':
        batch.state = 'uncertain';
        batch.provider = outcome.provider;
        this.life.knownUncertain();
        break;
      case 'exhausted':
        batch.end(0);
        this.callSomebody('no other route takes what is missing', now);
        break;
      case 'queued':
        // Only what has not begun queues.
        break;
    }
  }

  private runs(batch: Batch, provider: number | null, providerOrder: string, at: number): void {
    batch.accepted(provider, providerOrder, at + this.life.terms.reviewAfterMs);
    if (this.current !== null) this.current.reviewAt = at + this.life.terms.reviewAfterMs;
  }

  /** A provider's word about what is sent again. */
  report(number: number, report: VersionedReport, now: number): void {
    const refill = this.current;
    const batch = refill?.batch;
    if (!refill || !batch || batch.number !== number || !batch.take(report)) return;
    const { verdict } = batch;
    if (verdict.kind === 'conflict') this.callSomebody(verdict.why, now);
    if (verdict.kind !== 'ended') return;
    batch.end(verdict.delivered);
    if (verdict.delivered >= batch.quantity) {
      this.decide(refill, 'Completed', '', 'provider');
    } else {
      refill.missing = batch.quantity - verdict.delivered;
      this.callSomebody(`${verdict.delivered} of ${batch.quantity} were delivered again`, now);
    }
  }

  /** A person's word about an attempt whose outcome was not known was written. */
  uncertainDecided(batch: Batch, attached: boolean, provider: number | null, now: number): void {
    const { decision } = batch;
    batch.decision = null;
    if (decision?.kind === 'attach') {
      if (attached) this.runs(batch, provider, decision.providerOrder, now);
      else this.life.note(now, 'resolve.refused', 'system', { why: 'that order belongs to another batch' });
    } else if (decision?.kind === 'notPlaced') {
      batch.state = 'sending';
      batch.attempt += 1;
    } else {
      batch.end(0);
      if (this.current !== null)
        this.decide(this.current, 'Rejected', 'what was sent again was given up', this.current.by);
    }
    if (batch.state !== 'uncertain') this.life.clear('uncertain');
  }

  /** The end of a batch has been written. */
  batchWritten(batch: Batch): void {
    this.life.batches = this.life.batches.filter((one) => one !== batch);
    if (this.current?.batch === batch) this.current.batch = null;
  }

  decide(refill: Refill, outcome: RefillOutcome, why: string, by: string): void {
    refill.outcome = outcome;
    refill.why = why;
    refill.by = by;
    this.life.clear('review');
  }

  /** Its end has been written. */
  ended(at: number): void {
    const batch = this.current?.batch;
    if (batch) this.batchWritten(batch);
    this.current = null;
    this.written = this.stageToWrite;
    this.lastEndedAt = at;
  }

  /** What PostgreSQL is to know of the refill under way. */
  get change(): { number: number; stage: RefillStage; reviewAt: number; before: string | null } | null {
    const refill = this.current;
    if (refill === null || refill.stage === 'requested') return null;
    return { number: refill.number, stage: refill.stage, reviewAt: refill.reviewAt, before: refill.before };
  }

  wrote(change: RefillWindow['change']): void {
    this.written = JSON.stringify(change);
  }

  private get stageToWrite(): string {
    return JSON.stringify(this.change);
  }
}
