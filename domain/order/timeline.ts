import { LIMITS } from '../limits.ts';
import { cleanText } from '../text/storable.ts';
import { ATTENTIONS, type Attention } from './status.ts';

/** An event of an order. Its number makes writing it twice harmless. */
export interface OrderEvent {
  readonly number: number;
  readonly at: number;
  readonly type: string;
  readonly actor: string;
  readonly data: Readonly<Record<string, string | number>>;
}

/** The events and the attentions of an order. */
export interface Timeline {
  /** Events that PostgreSQL does not have yet. */
  unwritten: readonly OrderEvent[];
  /** The latest events, oldest first, for the Temporal UI. */
  recent: readonly OrderEvent[];
  /** The number of events, written or not. */
  eventCount: number;
  /** Recent refusals that were recorded as events. */
  refusals: readonly { readonly what: string; readonly at: number }[];
  /** All attentions that apply. The one that comes last in ATTENTIONS is shown. */
  attentions: readonly Attention[];
  /** The attention that PostgreSQL stores. */
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

/** Makes an event. Its texts are cleaned, so that PostgreSQL can store them. */
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

/** Shows an event in the Temporal UI without writing it: an activity has stored it in its own transaction. */
export function showEvent(timeline: Timeline, at: number, type: string, actor: string, data: OrderEvent['data']): void {
  remember(timeline, makeEvent(timeline.eventCount, at, type, actor, data));
}

function remember(timeline: Timeline, event: OrderEvent): void {
  timeline.recent = [...timeline.recent, event].slice(-LIMITS.recentEvents);
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

/** Raises `uncertain`. The transaction that recorded the attempt has stored it already. */
export function raiseWrittenUncertain(timeline: Timeline): void {
  raise(timeline, 'uncertain');
  timeline.writtenAttention = 'uncertain';
}

/** Clears all attentions. The settlement has stored that already. */
export function clearAllWritten(timeline: Timeline): void {
  timeline.attentions = [];
  timeline.writtenAttention = 'none';
}

/** Whether the timeline has events or an attention that PostgreSQL does not have. */
export const isTimelineUnwritten = (timeline: Timeline): boolean =>
  timeline.unwritten.length > 0 || attentionOf(timeline) !== timeline.writtenAttention;

/** Marks the first `events` unwritten events and this attention as written. Later events stay unwritten. */
export function applyTimelineWritten(timeline: Timeline, events: number, attention: Attention): void {
  timeline.unwritten = timeline.unwritten.slice(events);
  timeline.writtenAttention = attention;
}

/** Whether a refusal is recorded as an event. Within ten minutes the same refusal is recorded once, and 20 refusals at most. */
export function takesRefusal(timeline: Timeline, at: number, what: string): boolean {
  const since = at - LIMITS.refusalsNotedMinutes * 60_000;
  timeline.refusals = timeline.refusals.filter((one) => one.at > since);
  if (timeline.refusals.length >= LIMITS.refusalsNoted) return false;
  if (timeline.refusals.some((one) => one.what === what)) return false;
  timeline.refusals = [...timeline.refusals, { what, at }];
  return true;
}

/** Replaces a stand-in by its actor in all events. */
export function renameActor(timeline: Timeline, was: string, is: string): void {
  const renamed = (event: OrderEvent): OrderEvent => (event.actor === was ? { ...event, actor: is } : event);
  timeline.unwritten = timeline.unwritten.map(renamed);
  timeline.recent = timeline.recent.map(renamed);
}
