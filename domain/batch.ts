import { type ProviderReport, type Verdict, verdict } from './completion.ts';

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
  /** Not to be sent before this, in milliseconds since 1970. */
  sendAt = 0;
  provider: number | null = null;
  providerOrder: string | null = null;
  /** In progress longer than until then, a person looks at it. */
  reviewAt: number | null = null;
  report: VersionedReport | null = null;
  /** The provider has been asked to stop it. */
  stopAsked = false;
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

  /** Takes a provider's word; false for old news. */
  take(report: VersionedReport): boolean {
    if (this.state !== 'running' || report.version <= (this.report?.version ?? 0)) return false;
    this.report = report;
    return true;
  }

  /** What the provider's last word amounts to. */
  get verdict(): Verdict {
    return this.report === null ? { kind: 'running' } : verdict(this.report, this.quantity);
  }

  end(delivered: number): void {
    this.state = 'ended';
    this.delivered = delivered;
  }
}
