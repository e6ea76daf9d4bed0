import type { Answer, Request } from '../order/asks.ts';
import { Batch, type Decision } from '../order/batch.ts';
import type { Life } from '../order/life.ts';
import { type KnownRefill, REFUSED_BY_PROVIDER, type RefillOutcome, type RefillStage, refillStatus } from './rules.ts';

/** What came of asking for a refill; `refill` is its id. */
export interface RefillAnswer extends Answer {
  readonly refill?: number;
}

/** What providers said to the wish for a refill: of so many batches they take it, refuse it, or it cannot be known. */
export interface AskedRefill {
  readonly taken: number;
  readonly refused: number;
  readonly unclear: number;
}

/** What is to be done next for a refill; nothing else is done. */
export type RefillStep =
  | { readonly do: 'open'; readonly refill: Refill; readonly request: Request }
  | { readonly do: 'ask'; readonly refill: Refill }
  | { readonly do: 'resend'; readonly refill: Refill; readonly batch: Batch }
  | { readonly do: 'send'; readonly refill: Refill; readonly batch: Batch }
  | { readonly do: 'decide'; readonly refill: Refill; readonly batch: Batch; readonly decision: Decision }
  | { readonly do: 'askStop'; readonly batches: readonly Batch[] }
  | { readonly do: 'endBatch'; readonly refill: Refill; readonly batch: Batch }
  | { readonly do: 'correct'; readonly refill: Refill; readonly delivered: number }
  | { readonly do: 'end'; readonly refill: Refill; readonly outcome: RefillOutcome }
  | { readonly do: 'write' }
  | { readonly do: 'wait'; readonly until: number | null; readonly why: string };

/** The life of one refill, as its order follows it. Whoever runs it does what `next` says and tells what came of it. */
export class Refill {
  readonly number: number;
  id: number | null = null;
  /** `requested` until it is written down. */
  stage: 'requested' | RefillStage = 'requested';
  /** How many items are gone and not delivered again yet; null when nobody could count them. */
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
  /** In `review`: what it is waited for when a person lets it go on. */
  before: 'tracked' | 'resending' | null = null;
  /** For whoever asked. */
  answer: RefillAnswer | undefined;
  readonly life: Life;
  /** Who asked and why; null for one that is taken up. */
  private readonly request: Request | null;
  /** The order's highest batch number. */
  private lastBatch = 0;
  /** The last batch that was sent again for it. */
  private sentAgain: number | null = null;

  constructor(life: Life, number: number, request: Request | null, reviewAt: number) {
    this.life = life;
    this.number = number;
    this.request = request;
    this.reviewAt = reviewAt;
  }

  /** A refill as it was left; `lastBatch` is the order's highest batch number. */
  static takenUp(life: Life, known: KnownRefill, lastBatch: number): Refill {
    const refill = new Refill(life, known.number, null, known.reviewAt);
    refill.id = known.id;
    refill.stage = known.stage;
    refill.missing = known.missing;
    refill.before = known.before;
    refill.lastBatch = lastBatch;
    refill.sentAgain = known.sentAgain;
    if (known.batch !== null) refill.follow(Batch.takenUp(known.batch));
    else if (refill.stage === 'resending' && refill.missing === 0) refill.outcome = 'Completed';
    if (refill.stage === 'review') life.raise('review');
    if (refill.batch?.state === 'uncertain') life.raise('uncertain');
    return refill;
  }

  get status() {
    return this.stage === 'requested' ? 'Pending' : refillStatus(this.stage, this.outcome);
  }

  /** Its end is known and only to be written. */
  get isDecided(): boolean {
    return this.outcome !== null || this.counts !== null;
  }

  next(now: number): RefillStep {
    const { batch, stage, request } = this;
    if (stage === 'requested' && request !== null) return { do: 'open', refill: this, request };
    // What may have left is asked for before anything is decided.
    if (batch?.inFlight) return { do: 'send', refill: this, batch };
    if (batch?.state === 'ended') return { do: 'endBatch', refill: this, batch };
    if (this.outcome === null && this.counts !== null) return { do: 'correct', refill: this, delivered: this.counts };
    if (this.outcome !== null) {
      const runs = batch?.state === 'running' && !batch.stopAsked;
      return runs ? { do: 'askStop', batches: [batch] } : { do: 'end', refill: this, outcome: this.outcome };
    }
    if (batch?.decision) return { do: 'decide', refill: this, batch, decision: batch.decision };
    if (stage === 'asking') return { do: 'ask', refill: this };
    if (stage === 'resending' && batch === null) return { do: 'resend', refill: this, batch: this.nextBatch() };
    if (batch?.state === 'sending' && batch.sendAt <= now) {
      batch.inFlight = true;
      return { do: 'send', refill: this, batch };
    }
    return this.waiting(now);
  }

  private waiting(now: number): RefillStep {
    const { batch } = this;
    // Of what waits for a person already nobody else is called.
    const isSeen = this.stage === 'review' || batch?.state === 'uncertain';
    if (!isSeen && this.reviewAt <= now) {
      this.callSomebody('it has not ended in time', batch === null ? 'tracked' : 'resending', now);
      return { do: 'write' };
    }
    const look = isSeen ? Number.POSITIVE_INFINITY : this.reviewAt;
    const until = Math.min(look, batch?.state === 'sending' ? batch.sendAt : look);
    return Number.isFinite(until)
      ? { do: 'wait', until, why: 'the refill' }
      : { do: 'wait', until: null, why: 'a person decides about the refill' };
  }

  /** What is missing, to be sent to a route that has not had it. */
  private nextBatch(): Batch {
    return new Batch(this.lastBatch + 1, this.missing ?? 0, this.sentAgain ?? 1);
  }

  /** What the providers said to the wish for a refill. */
  asked({ taken, refused, unclear }: AskedRefill, now: number): void {
    if (taken > 0) {
      this.stage = 'tracked';
      const short = { refill: this.number, taken, refused, unclear };
      if (refused + unclear > 0) this.life.note(now, 'refill.short', 'provider', short);
    } else if (unclear > 0) {
      // It may be delivered there; sent again, it might be delivered twice.
      this.callSomebody('nobody knows whether the provider refills it', null, now);
    } else {
      this.notByProvider(REFUSED_BY_PROVIDER[0], now);
    }
  }

  /** A provider has said its last word about each part of it that it took. */
  reported(rejected: number, now: number): void {
    if (this.isDecided || (this.stage !== 'tracked' && this.before !== 'tracked')) return;
    if (rejected === 0) this.decide('Completed', '', 'provider');
    else this.notByProvider(REFUSED_BY_PROVIDER[1], now);
  }

  private notByProvider(why: string, now: number): void {
    const { fallback } = this.life.terms.refill;
    if (fallback === 'reject') {
      this.decide('Rejected', why, 'provider');
    } else if (fallback === 'resend' && (this.missing ?? 0) > 0) {
      this.sendAgain(now);
      this.life.note(now, 'refill.resent', 'system', { refill: this.number, quantity: this.missing ?? 0, why });
    } else {
      this.callSomebody(why, null, now);
    }
  }

  /** A person is to decide; `before` is what it is waited for when that person lets it go on. */
  callSomebody(why: string, before: Refill['before'], now: number): void {
    this.before = before;
    this.stage = 'review';
    this.life.raise('review');
    this.life.note(now, 'order.review', 'system', { refill: this.number, why });
  }

  /** A person lets it go on until then; a last word that contradicted itself is asked for again. */
  extend(until: number): void {
    this.goOn(until);
    this.life.restartClocks = true;
  }

  /** Not ended until then, a person looks at it. */
  goOn(until: number): void {
    if (this.stage === 'review' && this.before !== null) this.stage = this.before;
    this.before = null;
    this.reviewAt = until;
    this.life.clear('review');
  }

  /** What is missing is to be sent again. */
  sendAgain(now: number): void {
    this.stage = 'resending';
    this.before = null;
    this.reviewAt = now + this.life.terms.reviewAfterMs;
    this.life.clear('review');
  }

  /** What is missing is about to be sent again, as this batch. */
  resending(batch: Batch): void {
    this.lastBatch = batch.number;
    this.sentAgain = batch.number;
    this.follow(batch);
  }

  private follow(batch: Batch): void {
    this.batch = batch;
    // The order has ended, and so may this batch have been among those it was taken up with.
    this.life.batches = [...this.life.batches.filter(({ number }) => number !== batch.number), batch];
  }

  /** The end of a batch has been written. */
  batchWritten(batch: Batch): void {
    this.life.batches = this.life.batches.filter((one) => one !== batch);
    if (this.batch === batch) this.batch = null;
  }

  /** How it ends: to be written. */
  decide(outcome: RefillOutcome, why: string, by: string): void {
    this.outcome = outcome;
    this.why = why;
    this.by = by;
    this.life.clear('review', 'uncertain');
  }
}
