import { LIMITS } from '../limits.ts';
import { cleanText } from '../text/storable.ts';
import { ATTENTIONS, type Attention } from './status.ts';

/** Something that happened to an order; its number makes writing it twice harmless. */
export interface OrderEvent {
  readonly number: number;
  readonly at: number;
  readonly type: string;
  readonly actor: string;
  readonly data: Readonly<Record<string, string | number>>;
}

/** What happened to an order, and what about it needs attention. */
export interface Timeline {
  /** Events that PostgreSQL does not have yet. */
  unwritten: readonly OrderEvent[];
  /** The last events, oldest first, for the Temporal UI. */
  recent: readonly OrderEvent[];
  /** How many events the order has. */
  eventCount: number;
  /** Refusals that became events lately. */
  refusals: readonly { readonly what: string; readonly at: number }[];
  /** All that hold; the one that comes last in ATTENTIONS is shown. */
  attentions: readonly Attention[];
  /** The attention that PostgreSQL has. */
  writtenAttention: Attention;
}

export const emptyTimeline = (eventCount: number, writtenAttention: Attention): Timeline => ({
  unwritten: [],
  recent: [],
  eventCount,
  refusals: [],
  attentions: [],
  writtenAttention,
});

/** An event whose texts PostgreSQL can hold. */
export function makeEvent(
  number: number,
  at: number,
  type: string,
  actor: string,
  data: OrderEvent['data'],
): OrderEvent {
  const cleaned = Object.entries(data).map(([name, value]) => [
    name,
    typeof value === 'string' ? cleanText(value) : value,
  ]);
  return { number, at, type, actor: cleanText(actor), data: Object.fromEntries(cleaned) };
}

export function recordEvent(
  timeline: Timeline,
  at: number,
  type: string,
  actor: string,
  data: OrderEvent['data'] = {},
): void {
  timeline.eventCount += 1;
  const event = makeEvent(timeline.eventCount, at, type, actor, data);
  timeline.unwritten = [...timeline.unwritten, event];
  remember(timeline, event);
}

/** Shows an event in the Temporal UI that PostgreSQL has already: an activity wrote it in its own transaction. */
export function showEvent(timeline: Timeline, at: number, type: string, actor: string, data: OrderEvent['data']): void {
  remember(timeline, makeEvent(timeline.eventCount, at, type, actor, data));
}

function remember(timeline: Timeline, event: OrderEvent): void {
  timeline.recent = [...timeline.recent, event].slice(-LIMITS.recentNotes);
}

/** The attention that is shown. */
export const attentionOf = ({ attentions }: Pick<Timeline, 'attentions'>): Attention =>
  ATTENTIONS.findLast((attention) => attentions.includes(attention)) ?? 'none';

export const hasAttention = ({ attentions }: Timeline, attention: Attention): boolean => attentions.includes(attention);

export function raise(timeline: Timeline, ...attentions: readonly Attention[]): void {
  for (const attention of attentions) {
    if (!timeline.attentions.includes(attention)) timeline.attentions = [...timeline.attentions, attention];
  }
}

export function clear(timeline: Timeline, ...attentions: readonly Attention[]): void {
  if (!timeline.attentions.some((attention) => attentions.includes(attention))) return;
  timeline.attentions = timeline.attentions.filter((attention) => !attentions.includes(attention));
}

/** The transaction that recorded an attempt has also written that its outcome is not known. */
export function raiseWrittenUncertain(timeline: Timeline): void {
  raise(timeline, 'uncertain');
  timeline.writtenAttention = 'uncertain';
}

/** The settlement has written that nothing needs attention any more. */
export function clearAllWritten(timeline: Timeline): void {
  timeline.attentions = [];
  timeline.writtenAttention = 'none';
}

/** Whether the timeline has something that PostgreSQL does not have. */
export const isTimelineUnwritten = (timeline: Timeline): boolean =>
  timeline.unwritten.length > 0 || attentionOf(timeline) !== timeline.writtenAttention;

/** The first `events` unwritten events and this attention are written; what came meanwhile is not. */
export function applyTimelineWritten(timeline: Timeline, events: number, attention: Attention): void {
  timeline.unwritten = timeline.unwritten.slice(events);
  timeline.writtenAttention = attention;
}

/** Whether a refusal becomes an event: the same one does once in a while, and only so many different ones do. */
export function takesRefusal(timeline: Timeline, at: number, what: string): boolean {
  const since = at - LIMITS.refusalsNotedMinutes * 60_000;
  timeline.refusals = timeline.refusals.filter((one) => one.at > since);
  if (timeline.refusals.length >= LIMITS.refusalsNoted) return false;
  if (timeline.refusals.some((one) => one.what === what)) return false;
  timeline.refusals = [...timeline.refusals, { what, at }];
  return true;
}

/** The events of a stand-in are those of the actor it stood for. */
export function renameActor(timeline: Timeline, was: string, is: string): void {
  const renamed = (event: OrderEvent): OrderEvent => (event.actor === was ? { ...event, actor: is } : event);
  timeline.unwritten = timeline.unwritten.map(renamed);
  timeline.recent = timeline.recent.map(renamed);
}
