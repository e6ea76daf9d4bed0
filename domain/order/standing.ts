import type { VerifyTerms } from '../delivery/verification.ts';
import type { RefillStanding, RefillTerms } from '../refill/rules.ts';
import { storable } from '../text/storable.ts';
import type { Batch, Decision, VersionedReport } from './batch.ts';
import type { Attention, FinalStatus, OrderStatus, Reason } from './status.ts';
import type { StopSaid } from './stops.ts';

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
  readonly refill: RefillTerms;
  /** Null when the provider's word is enough. */
  readonly verify: VerifyTerms | null;
}

/** An open batch as PostgreSQL knows it. */
export interface KnownBatch {
  readonly batch: number;
  readonly quantity: number;
  readonly state: 'waiting' | 'sending' | 'running' | 'uncertain';
  /** The number of the attempt to make next, or being made; 0 before the first. */
  readonly attempts: number;
  /** An attempt was taken for sending and nobody has said what came of it. */
  readonly inFlight: boolean;
  readonly provider: number | null;
  readonly providerOrder: string | null;
  readonly reviewAt: number | null;
  readonly stopAsked: boolean;
  /** What the provider answered to that; absent in histories from before it was kept. */
  readonly stop?: StopSaid | null;
  readonly resend: boolean;
  readonly resends: number | null;
  /** The last report that was taken; its words may be newer than its version, and are then still to be heard. */
  readonly report: VersionedReport | null;
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
  /** What ended batches did not deliver and is to be sent again, but no batch has been made of it yet. */
  readonly owed: readonly { readonly batch: number; readonly missing: number }[];
  /** What the ended batches delivered. */
  readonly deliveredByEnded: number;
  readonly nextRunAt: number | null;
  readonly pausedAt: number | null;
  /** Who paused it; `provider` when the provider did, and then its word also resumes it. */
  readonly pausedBy: string | null;
  readonly canceledBy: string | null;
  /** No further run is begun; every end of a batch is reported. */
  readonly finishing: boolean;
  readonly notes: number;
}

/**
 * The attentions that hold of an order that is taken up. PostgreSQL has only the one that was shown, the last in the list;
 * a pause and an uncertain batch are known beside it.
 */
export function attentionsOf({ attention, pausedAt }: Standing, batches: readonly Batch[]): Attention[] {
  const uncertain = batches.some(({ state }) => state === 'uncertain');
  const conflict = batches.some(({ inConflict }) => inConflict);
  const attentions: Attention[] = attention === 'uncertain' || attention === 'paused' ? [] : [attention];
  if (batches.some(({ stalledSince }) => stalledSince !== null)) attentions.push('stalled');
  if (conflict && attention === 'uncertain') attentions.push('conflict');
  if (pausedAt !== null) attentions.push('paused');
  if (uncertain) attentions.push('uncertain');
  return attentions;
}

/** How an order has ended. */
export interface Settled {
  readonly status: FinalStatus;
  readonly delivered: number;
  /** Null when there is no refill to be had: sold without, or not Completed. */
  readonly refill: RefillStanding | null;
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
  /** Asked beside everything else: nothing waits for the answers. */
  | { readonly do: 'askStop'; readonly batches: readonly Batch[] }
  | { readonly do: 'decide'; readonly batch: Batch; readonly decision: Decision }
  | { readonly do: 'endBatch'; readonly batch: Batch }
  | { readonly do: 'refresh'; readonly finish: boolean }
  | { readonly do: 'count' }
  | {
      readonly do: 'settle';
      readonly status: FinalStatus;
      readonly delivered: number;
      readonly reason: Reason | null;
      readonly actor: string;
    }
  | { readonly do: 'wait'; readonly until: number | null; readonly why: string };

/** The longest text that is kept of what somebody wrote. */
const LONGEST_TEXT = 200;

/** What somebody wrote, as PostgreSQL can hold it. */
export const cleanText = (text: string): string => storable(text, LONGEST_TEXT);

/** A note out of what happened; whatever text is in it can be stored. */
export function makeNote(number: number, at: number, type: string, actor: string, data: Note['data']): Note {
  const cleaned = Object.entries(data).map(([name, value]) => [
    name,
    typeof value === 'string' ? cleanText(value) : value,
  ]);
  return { number, at, type, actor: cleanText(actor), data: Object.fromEntries(cleaned) };
}
