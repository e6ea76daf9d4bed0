import { type ProviderReport, type Verdict, verdict } from '../delivery/verdict.ts';
import { PROVIDER_STATUSES } from '../delivery/words.ts';

/** A provider's report about a batch. The order ignores a version that is not above the last one it took. */
export interface VersionedReport extends ProviderReport {
  readonly version: number;
  /** Since when nothing has been delivered, in milliseconds since 1970; null while the provider delivers. */
  readonly stalledSince: number | null;
}

/** `sending`: to be sent, not before `sendAt`. `running`: a provider has it. `uncertain`: a provider may have it. */
export type BatchState = 'sending' | 'running' | 'uncertain' | 'ended';

/** A person's decision, or evidence, about an attempt whose outcome was not known. */
export type Decision =
  | { readonly kind: 'attach'; readonly providerOrder: string }
  | { readonly kind: 'notPlaced' }
  | { readonly kind: 'cancel' };

/** A provider's answer to a stop request. Only its later report decides about money. `unclear`: an odd answer, or none. */
export type StopAnswer = 'accepted' | 'refused' | 'unclear';

/** The last answer to a stop request for a batch, and when it arrived, in milliseconds since 1970. */
export interface StopSaid {
  readonly answer: StopAnswer;
  readonly at: number;
}

/** An open batch as PostgreSQL stores it. A field that may be null is absent when it has no value. */
export interface BatchSnapshot {
  readonly batch: number;
  readonly quantity: number;
  readonly state: 'waiting' | 'sending' | 'running' | 'uncertain';
  /** The number of the attempt that is next or being made; 0 before the first. */
  readonly attempts: number;
  /** A worker took the attempt for sending, and no outcome is stored. */
  readonly inFlight: boolean;
  readonly provider?: number | null;
  readonly providerOrder?: string | null;
  readonly reviewAt?: number | null;
  readonly stopAsked: boolean;
  /** The provider's answer to the stop request; absent in histories from before answers were kept. */
  readonly stop?: StopSaid | null;
  readonly resend: boolean;
  readonly resends?: number | null;
  /** The last report that the order took. Its fields may be newer than its version; the watch then reports them again. */
  readonly report?: VersionedReport | null;
}

/** One batch in the order's state: a run of the order, or the resend of a refill. */
export interface Batch {
  readonly number: number;
  readonly quantity: number;
  /** The batch whose missing part this one sends again; null for a run. */
  readonly resends: number | null;
  state: BatchState;
  /** The number of the attempt that is next or being made. */
  attempt: number;
  /** The attempt may have left, and this workflow does not know its outcome: it asks for the outcome before other steps. */
  inFlight: boolean;
  /** The batch is not sent before this time, in milliseconds since 1970. */
  sendAt: number;
  provider: number | null;
  providerOrder: string | null;
  /** When a person must review a batch that still runs, or still waits for a provider; in milliseconds since 1970. */
  reviewAt: number | null;
  report: VersionedReport | null;
  /** A report that arrived before this workflow knew the outcome of the send: the watch reads it from PostgreSQL, so earlier. */
  earlyReport: VersionedReport | null;
  /** A person has seen the contradiction in the batch's report and lets the batch go on. */
  conflictSeen: boolean;
  /** The version of the last report that PostgreSQL knows was taken. The watch sends newer versions again. */
  acked: number;
  /** The provider has been asked to stop the batch, or is being asked. */
  stopAsked: boolean;
  /** The provider's last answer to the stop request; null before the first. */
  stop: StopSaid | null;
  /** When the batch ends short, the missing part goes to the next route. */
  resend: boolean;
  /** A decision about an uncertain attempt that is still to be written. */
  decision: Decision | null;
  /** The delivered items of an ended batch; 0 before its end. */
  delivered: number;
}

export const newBatch = (number: number, quantity: number, resends: number | null = null): Batch => ({
  number,
  quantity,
  resends,
  state: 'sending',
  attempt: 1,
  inFlight: false,
  sendAt: 0,
  provider: null,
  providerOrder: null,
  reviewAt: null,
  report: null,
  earlyReport: null,
  conflictSeen: false,
  acked: 0,
  stopAsked: false,
  stop: null,
  resend: false,
  decision: null,
  delivered: 0,
});

export const restoreBatch = (known: BatchSnapshot): Batch => ({
  ...newBatch(known.batch, known.quantity, known.resends ?? null),
  attempt: Math.max(known.attempts, 1),
  inFlight: known.inFlight,
  provider: known.provider ?? null,
  providerOrder: known.providerOrder ?? null,
  reviewAt: known.reviewAt ?? null,
  report: known.report ?? null,
  acked: known.report?.version ?? 0,
  stopAsked: known.stopAsked,
  // Histories from before answers were kept have no `stop`: assume that the provider accepted.
  stop: known.stop ?? (known.stopAsked ? { answer: 'accepted', at: 0 } : null),
  resend: known.resend,
  state: known.state === 'running' || known.state === 'uncertain' ? known.state : 'sending',
});

/** The verdict on the provider's last report. */
export const verdictOf = ({ report, quantity }: Batch): Verdict =>
  report === null ? { kind: 'running' } : verdict(report, quantity);

export const inConflict = (batch: Batch): boolean =>
  batch.state === 'running' && !batch.conflictSeen && verdictOf(batch).kind === 'conflict';

export const stalledSince = ({ state, report }: Batch): number | null =>
  state === 'running' ? (report?.stalledSince ?? null) : null;

export const isPausedByProvider = ({ state, report }: Batch): boolean =>
  state === 'running' && report?.status === 'Paused';

/** Whether a batch is at its provider; `state` is that of the workflow or of PostgreSQL. */
export const isRunning = ({ state }: { readonly state: string }): boolean => state === 'running';

export const isUncertain = ({ state }: Batch): boolean => state === 'uncertain';

/** Clears a stall after a person's decision. */
export function forgetStall(batch: Batch): void {
  if (batch.report !== null) batch.report = { ...batch.report, stalledSince: null };
}

export function endBatch(batch: Batch, delivered: number): void {
  batch.state = 'ended';
  batch.delivered = delivered;
}

/**
 * Takes a provider's report and returns its verdict; a terminal report ends the batch. Returns null for an old version, and for a
 * report that arrives before the outcome of the send is known: that report is kept for later.
 */
export function takeReport(batch: Batch, message: VersionedReport): Verdict | null {
  const report = readReport(message);
  if (!(report.version > (batch.report?.version ?? 0))) return null;
  const isEarly = batch.inFlight || isUncertain(batch);
  if (isEarly && report.version > (batch.earlyReport?.version ?? 0)) batch.earlyReport = report;
  if (!isRunning(batch)) return null;
  batch.report = report;
  batch.conflictSeen = false;
  const found = verdictOf(batch);
  if (found.kind === 'ended') endBatch(batch, found.delivered);
  return found;
}

/** Removes and returns the early report once the outcome of the send is known; null unless a provider has the batch. */
export function takeEarlyReport(batch: Batch): VersionedReport | null {
  const { earlyReport } = batch;
  batch.earlyReport = null;
  return isRunning(batch) ? earlyReport : null;
}

/** Staff can send any content as a signal, so every field is checked. An unreadable field becomes null (status: Unknown). */
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
