import { type ProviderReport, type Verdict, verdict } from '../delivery/verdict.ts';
import { PROVIDER_STATUSES } from '../delivery/words.ts';
import type { KnownBatch } from './standing.ts';
import type { StopSaid } from './stops.ts';

/** A provider's word about a batch, with a version: one that is not above the last taken is old news. */
export interface VersionedReport extends ProviderReport {
  readonly version: number;
  /** Nothing has been delivered since then, in milliseconds since 1970; null while things move. */
  readonly stalledSince: number | null;
}

/** Where a batch is: to be sent (again, from `sendAt` on), with a provider, or not known. */
export type BatchState = 'sending' | 'running' | 'uncertain' | 'ended';

/** What a person says of an attempt whose outcome was not known. */
export type Decision =
  | { readonly kind: 'attach'; readonly providerOrder: string }
  | { readonly kind: 'notPlaced' }
  | { readonly kind: 'cancel' };

/** One batch as its order follows it. */
export class Batch {
  readonly number: number;
  readonly quantity: number;
  /** The batch whose missing part this one sends again; null for a run. */
  readonly resends: number | null;
  state: BatchState = 'sending';
  /** The attempt to make next, or being made. */
  attempt = 1;
  /** The attempt may have left, and what came of it is not known here yet: to be asked for before anything is decided. */
  inFlight = false;
  /** Not to be sent before this, in milliseconds since 1970. */
  sendAt = 0;
  provider: number | null = null;
  providerOrder: string | null = null;
  /** In progress, or waiting for a provider to take it, longer than until then, a person looks at it. */
  reviewAt: number | null = null;
  report: VersionedReport | null = null;
  /** A word that came before it was known here that a provider has it: the watch knows by PostgreSQL, which was told first. */
  early: VersionedReport | null = null;
  /** A person has looked at its contradiction, and lets it go on. */
  looked = false;
  /** The version of the last report that is written down as taken; what is above is sent again. */
  acked = 0;
  /** The provider has been asked to stop it, or is being asked. */
  stopAsked = false;
  /** What it said to that last; null as long as it has said nothing. */
  stop: StopSaid | null = null;
  /** What is missing at its end is sent again on the next route. */
  resend = false;
  /** What a person found out about an attempt whose outcome was not known; to be written. */
  decision: Decision | null = null;
  /** What was delivered, once it has ended. */
  delivered = 0;

  constructor(number: number, quantity: number, resends: number | null = null) {
    this.number = number;
    this.quantity = quantity;
    this.resends = resends;
  }

  /** A batch as it was left. */
  static takenUp(known: KnownBatch): Batch {
    const batch = new Batch(known.batch, known.quantity, known.resends);
    batch.attempt = Math.max(known.attempts, 1);
    batch.inFlight = known.inFlight;
    batch.provider = known.provider;
    batch.providerOrder = known.providerOrder;
    batch.reviewAt = known.reviewAt;
    batch.report = known.report;
    batch.acked = known.report?.version ?? 0;
    batch.stopAsked = known.stopAsked;
    // Histories from before answers were kept do not have it: the provider is taken to have heard.
    batch.stop = known.stop ?? (known.stopAsked ? { answer: 'accepted', at: 0 } : null);
    batch.resend = known.resend;
    batch.state = known.state === 'running' || known.state === 'uncertain' ? known.state : 'sending';
    return batch;
  }

  /** A provider has it; not ended by `reviewAt`, a person looks at it. */
  accepted(provider: number | null, providerOrder: string, reviewAt: number): void {
    this.state = 'running';
    this.provider = provider;
    this.providerOrder = providerOrder;
    this.reviewAt = reviewAt;
  }

  /** Takes a provider's word; false for old news, and for one that comes too early, which is kept. */
  take(message: VersionedReport): boolean {
    const report = readReport(message);
    if (!(report.version > (this.report?.version ?? 0))) return false;
    if ((this.inFlight || this.state === 'uncertain') && report.version > (this.early?.version ?? 0))
      this.early = report;
    if (this.state !== 'running') return false;
    this.report = report;
    this.looked = false;
    return true;
  }

  /** The word that came too early, now that it is known what came of the send: nothing unless a provider has it. */
  heardEarly(): VersionedReport | null {
    const { early } = this;
    this.early = null;
    return this.state === 'running' ? early : null;
  }

  /** What the provider's last word amounts to. */
  get verdict(): Verdict {
    return this.report === null ? { kind: 'running' } : verdict(this.report, this.quantity);
  }

  get inConflict(): boolean {
    return this.state === 'running' && !this.looked && this.verdict.kind === 'conflict';
  }

  get stalledSince(): number | null {
    return this.state === 'running' ? (this.report?.stalledSince ?? null) : null;
  }

  get pausedByProvider(): boolean {
    return this.state === 'running' && this.report?.status === 'Paused';
  }

  /** A person has looked at it: that nothing moved until now is no news any more. */
  forgetStall(): void {
    if (this.report !== null) this.report = { ...this.report, stalledSince: null };
  }

  end(delivered: number): void {
    this.state = 'ended';
    this.delivered = delivered;
  }
}

/** Anybody can send a signal, with anything in it; what cannot be read is null, and never a number that is none. */
function readReport(message: VersionedReport): VersionedReport {
  const { version, status, remains, startCount, charge, paidFor, stalledSince } = message;
  const whole = (value: unknown): number | null => (Number.isSafeInteger(value) ? (value as number) : null);
  return {
    version: whole(version) ?? 0,
    status: PROVIDER_STATUSES.includes(status) ? status : 'Unknown',
    remains: whole(remains),
    startCount: whole(startCount),
    charge: typeof charge === 'string' ? charge : null,
    ...(paidFor === undefined ? {} : { paidFor: whole(paidFor) }),
    stalledSince: typeof stalledSince === 'number' ? stalledSince : null,
  };
}
