import type { Request } from '../order/asks.ts';
import type { VersionedReport } from '../order/batch.ts';
import type { Life } from '../order/life.ts';
import { type AskedRefill, Refill, type RefillStep } from './refill-life.ts';
import { hearResent } from './resend.ts';
import {
  type RefillFacts,
  type RefillStage,
  type RefillStanding,
  type RefillTerms,
  refillUntil,
  whyNoRefill,
} from './rules.ts';

/** What is to be done next for a Completed order; nothing else is done. */
export type WindowStep =
  | RefillStep
  /** Something is said of a refill that is not known here: what PostgreSQL knows is read again. */
  | { readonly do: 'read' }
  | { readonly do: 'close' };

/** What came of opening a refill: where the refills of the order stand with it, or why there is none. */
export type OpenedRefill =
  /** `review`: why a person looks at it before anybody is asked. */
  { readonly id: number; readonly standing: RefillStanding; readonly review?: string } | { readonly refused: string };

/** Where PostgreSQL is to know the refill under way. */
export interface RefillChange {
  readonly number: number;
  readonly stage: RefillStage;
  readonly reviewAt: number;
  readonly before: string | null;
}

/**
 * The time after Completed in which an order is refilled: at most one refill at a time, each followed to its end, also
 * beyond the window. Whoever runs it asks `next` what to do, does it, and tells it what came of it.
 */
export class RefillWindow {
  readonly until: number;
  readonly terms: RefillTerms;
  current: Refill | null = null;
  private readonly completedAt: number;
  private readonly life: Life;
  private taken = 0;
  private lastEndedAt: number | null = null;
  /** What PostgreSQL knows of the current refill's stage. */
  private written = 'null';
  private isStale = false;

  constructor(life: Life, standing: RefillStanding) {
    this.life = life;
    this.terms = life.terms.refill;
    this.completedAt = standing.completedAt;
    this.until = refillUntil(standing.completedAt, this.terms);
    this.standsAt(standing);
  }

  /** As PostgreSQL has it: also a workflow that was reset to an earlier point goes on from there. */
  standsAt({ taken, lastEndedAt, lastBatch, current }: RefillStanding): void {
    this.isStale = false;
    this.taken = taken;
    this.lastEndedAt = lastEndedAt;
    this.life.clear('review', 'uncertain');
    this.current = current === null ? null : Refill.takenUp(this.life, current, lastBatch);
    this.written = this.stageToWrite;
  }

  next(now: number): WindowStep {
    const { current, life } = this;
    if (life.hasNews || this.stageToWrite !== this.written) return { do: 'write' };
    if (this.isStale && current === null) return { do: 'read' };
    if (current !== null) return current.next(now);
    return now >= this.until ? { do: 'close' } : { do: 'wait', until: this.until, why: 'the refill window ends' };
  }

  /** Somebody asks for a refill: the one to be opened, or why there is none. */
  request(request: Request, now: number): Refill | string {
    const refused = this.whyNot(now);
    if (refused !== undefined) return refused;
    this.current = new Refill(this.life, this.taken + 1, request, now + this.life.terms.reviewAfterMs);
    return this.current;
  }

  /** Why there is no refill to be had now. */
  whyNot(now: number): string | undefined {
    const { settled, status } = this.life;
    const facts: RefillFacts = {
      status: settled?.status ?? status,
      completedAt: this.completedAt,
      delivered: settled?.delivered ?? 0,
      underWay: this.current !== null,
      taken: this.taken,
      lastEndedAt: this.lastEndedAt,
    };
    return whyNoRefill(facts, this.terms, now);
  }

  /** The refill that was asked for was looked at and written down, or refused for what the look showed. */
  opened(refill: Refill, by: string, result: OpenedRefill, now: number): void {
    if ('refused' in result) {
      this.current = null;
      this.life.note(now, 'refill.refused', by, { why: result.refused });
      refill.answer = { ok: false, message: result.refused };
    } else {
      this.standsAt(result.standing);
      if (result.review !== undefined) this.current?.callSomebody(result.review, null, now);
      const message =
        result.review === undefined
          ? 'the refill is asked for at the provider'
          : `a person looks at it: ${result.review}`;
      refill.answer = { ok: true, message, refill: result.id };
    }
  }

  /** What the providers said to the wish for a refill, as it was written down. */
  asked(refill: Refill, said: AskedRefill, now: number): void {
    refill.asked(said, now);
    if (refill.stage === 'tracked') this.written = this.stageToWrite;
  }

  /** A provider has said its last word about each part of a refill that it took. Anybody can send this. */
  reported(number: unknown, rejected: unknown, now: number): void {
    const { current } = this;
    if (!Number.isSafeInteger(number) || !Number.isSafeInteger(rejected)) return;
    if (current !== null && current.number === number) current.reported(rejected as number, now);
    // The watch speaks only of refills that are followed: this workflow was reset to before it knew of this one.
    else this.isStale = true;
  }

  /** A provider's word about what is sent again. */
  report(number: number, report: VersionedReport, now: number): void {
    const { current } = this;
    if (current?.batch?.number === number) hearResent(current, report, now);
  }

  /** The end of the refill has been written. */
  ended(at: number): void {
    const { current } = this;
    if (current?.batch) current.batchWritten(current.batch);
    this.current = null;
    this.taken = Math.max(this.taken, current?.number ?? 0);
    this.written = this.stageToWrite;
    this.lastEndedAt = at;
  }

  /** What PostgreSQL is to know of the refill under way. */
  get change(): RefillChange | null {
    const { current } = this;
    if (current === null || current.stage === 'requested') return null;
    const { number, stage, reviewAt, before } = current;
    return { number, stage, reviewAt, before };
  }

  wrote(change: RefillChange | null): void {
    this.written = JSON.stringify(change);
  }

  private get stageToWrite(): string {
    return JSON.stringify(this.change);
  }
}
