import { type ProviderReport, type Verdict, verdict } from '../delivery/verdict.ts';
import { PROVIDER_STATUSES } from '../delivery/words.ts';

/** A provider's word about a batch, with a version: one that is not above the last taken is old news. */
export interface VersionedReport extends ProviderReport {
  readonly version: number;
  /** Nothing has been delivered since then, in milliseconds since 1970; null while things move. */
  readonly stalledSince: number | null;
}

/** Where a batch is: to be sent (again, from `sendAt` on), with a provider, or not known. */
export type BatchState = 'sending' | 'running' | 'uncertain' | 'ended';

/** What a person, or evidence, says of an attempt whose outcome was not known. */
export type Decision =
  | { readonly kind: 'attach'; readonly providerOrder: string }
  | { readonly kind: 'notPlaced' }
  | { readonly kind: 'cancel' };

/** A provider's answer to the wish to stop; only its status decides about money. `unclear`: an odd answer, or none. */
export type StopAnswer = 'accepted' | 'refused' | 'unclear';

/** The last answer to the wish to stop a batch, and when it came, in milliseconds since 1970. */
export interface StopSaid {
  readonly answer: StopAnswer;
  readonly at: number;
}

/** An open batch as PostgreSQL has it. */
export interface BatchSnapshot {
  readonly batch: number;
  readonly quantity: number;
  readonly state: 'waiting' | 'sending' | 'running' | 'uncertain';
  /** The number of the attempt to make next, or being made; 0 before the first. */
  readonly attempts: number;
  /** An attempt was taken for sending and its outcome is not recorded. */
  readonly inFlight: boolean;
  readonly provider: number | null;
  readonly providerOrder: string | null;
  readonly reviewAt: number | null;
  readonly stopAsked: boolean;
  /** The provider's answer to that; absent in histories from before it was kept. */
  readonly stop?: StopSaid | null;
  readonly resend: boolean;
  readonly resends: number | null;
  /** The last report that was taken; its words may be newer than its version, and are then reported again. */
  readonly report: VersionedReport | null;
}

/** One batch as its order follows it, whether it is a run or what a refill sends again. */
export interface Batch {
  readonly number: number;
  readonly quantity: number;
  /** The batch whose missing part this one sends again; null for a run. */
  readonly resends: number | null;
  state: BatchState;
  /** The attempt to make next, or being made. */
  attempt: number;
  /** The attempt may have left, and its outcome is not known here yet: it is asked for before anything is decided. */
  inFlight: boolean;
  /** Not to be sent before this, in milliseconds since 1970. */
  sendAt: number;
  provider: number | null;
  providerOrder: string | null;
  /** Running, or waiting for a provider to take it, until then; afterwards a person looks at it. */
  reviewAt: number | null;
  report: VersionedReport | null;
  /** A report that came before the send's outcome was known here: the watch reads PostgreSQL, which knows it first. */
  earlyReport: VersionedReport | null;
  /** A person has seen the contradiction in its report, and lets it go on. */
  conflictSeen: boolean;
  /** The version of the last report that is written as taken; a newer one is reported again. */
  acked: number;
  /** The provider has been asked to stop it, or is being asked. */
  stopAsked: boolean;
  /** The provider's last answer to that; null while it has given none. */
  stop: StopSaid | null;
  /** What is missing at its end is sent again on the next route. */
  resend: boolean;
  /** What was decided about an attempt whose outcome was not known; to be written. */
  decision: Decision | null;
  /** What was delivered, once it has ended. */
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
  ...newBatch(known.batch, known.quantity, known.resends),
  attempt: Math.max(known.attempts, 1),
  inFlight: known.inFlight,
  provider: known.provider,
  providerOrder: known.providerOrder,
  reviewAt: known.reviewAt,
  report: known.report,
  acked: known.report?.version ?? 0,
  stopAsked: known.stopAsked,
  // Histories from before answers were kept do not have it: the provider is taken to have heard.
  stop: known.stop ?? (known.stopAsked ? { answer: 'accepted', at: 0 } : null),
  resend: known.resend,
  state: known.state === 'running' || known.state === 'uncertain' ? known.state : 'sending',
});

/** The verdict over the provider's last report. */
export const verdictOf = ({ report, quantity }: Batch): Verdict =>
  report === null ? { kind: 'running' } : verdict(report, quantity);

export const inConflict = (batch: Batch): boolean =>
  batch.state === 'running' && !batch.conflictSeen && verdictOf(batch).kind === 'conflict';

export const stalledSince = ({ state, report }: Batch): number | null =>
  state === 'running' ? (report?.stalledSince ?? null) : null;

export const isPausedByProvider = ({ state, report }: Batch): boolean =>
  state === 'running' && report?.status === 'Paused';

export const isRunning = ({ state }: Batch): boolean => state === 'running';

export const isUncertain = ({ state }: Batch): boolean => state === 'uncertain';

/** A person has looked at it: that nothing moved until now no longer counts. */
export function forgetStall(batch: Batch): void {
  if (batch.report !== null) batch.report = { ...batch.report, stalledSince: null };
}

export function endBatch(batch: Batch, delivered: number): void {
  batch.state = 'ended';
  batch.delivered = delivered;
}

/**
 * Takes a provider's report and returns what it amounts to: a batch that it ends has ended. Null for old news, and for a report that
 * comes before the outcome of the send is known, which is kept.
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

/** The early report, once the outcome of the send is known: null unless a provider has the batch. */
export function takeEarlyReport(batch: Batch): VersionedReport | null {
  const { earlyReport } = batch;
  batch.earlyReport = null;
  return isRunning(batch) ? earlyReport : null;
}

/** Anybody can send a signal, with anything in it: a field that cannot be read is null, and never a number that is none. */
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
