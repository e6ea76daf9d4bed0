import { LIMITS } from '../limits.ts';
import { isObject, type Json, parseLoosely, readId, readInteger } from '../text/loose-json.ts';
import { cleanText, storable } from '../text/storable.ts';

/** An order as its provider lists it; what could not be read is null. */
export interface ListedOrder {
  readonly providerOrder: string;
  readonly service: string | null;
  readonly link: string | null;
  readonly quantity: number | null;
  /** When it was placed, by the provider's clock, in milliseconds since 1970; null without a time zone. */
  readonly at: number | null;
  /** In the provider's own word. */
  readonly status: string | null;
}

/** A row whose order id cannot be read: it may be an order of ours, as far as the rest of it does not speak against that. */
export type OddRow = Pick<ListedOrder, 'service' | 'link' | 'quantity' | 'at'>;

export interface ListedPage {
  readonly orders: readonly ListedOrder[];
  readonly odd: readonly OddRow[];
}

/** The names that fields are known to have; there is no standard for a list of orders. */
const NAMES = {
  order: ['order', 'id', 'order_id'],
  service: ['service', 'service_id'],
  link: ['link', 'username', 'url'],
  quantity: ['quantity', 'count'],
  at: ['created', 'created_at', 'date', 'timestamp'],
} as const;

const first = (row: Json, names: readonly string[]): unknown =>
  names.map((name) => row[name]).find((value) => value !== undefined && value !== null);

/** Characters of a text that can be one of ours: the longest link, each of its characters escaped as a byte. */
const LONGEST_TEXT = 4 * LIMITS.link;

/** A link that had to be changed to be stored is none of ours. */
const text = (value: unknown): string | null => {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.length <= LONGEST_TEXT ? storable(value, LONGEST_TEXT) : null;
};

/** The provider's own word, which may be of any length, as it is shown. */
const shown = (value: unknown): string | null => {
  const word = typeof value === 'number' ? String(value) : value;
  return typeof word === 'string' ? cleanText(word) : null;
};

/** Characters of a time as text: with nanoseconds and an offset it has 35. */
const LONGEST_TIME = 40;

/** Whether a time says its zone, as `Z` or as an offset. */
const hasZone = (time: string): boolean =>
  time.length <= LONGEST_TIME && time.toUpperCase().includes('T') && /(Z|[+-]\d\d:?\d\d)$/i.test(time);

/** No order was placed before panels existed; what is further off than the second of these is beyond what PostgreSQL can hold. */
const TIMES = [Date.parse('2000-01-01T00:00:00Z'), Date.parse('2200-01-01T00:00:00Z')] as const;

/** A time that an order can have been placed at; null for every other. */
function readTime(value: unknown): number | null {
  const at = anyTime(value);
  return at !== null && at >= TIMES[0] && at < TIMES[1] ? at : null;
}

/** Seconds since 1970, or RFC 3339; a time without its zone may be any of 26 hours, and so is none. */
function anyTime(value: unknown): number | null {
  const seconds = readInteger(value);
  if (seconds !== null) return seconds > 1e11 ? seconds : seconds * 1_000;
  const zoned = typeof value === 'string' && hasZone(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(zoned) ? null : zoned;
}

/** A row, each field on its own. */
function readRow(row: unknown, key?: string): ListedOrder | OddRow {
  const fields = isObject(row) ? row : {};
  const read = {
    service: text(first(fields, NAMES.service)),
    link: text(first(fields, NAMES.link)),
    quantity: readInteger(first(fields, NAMES.quantity)),
    at: readTime(first(fields, NAMES.at)),
  };
  const providerOrder = isObject(row) ? readId(first(fields, NAMES.order) ?? key) : undefined;
  return providerOrder === undefined ? read : { providerOrder, ...read, status: shown(fields.status) };
}

/**
 * A provider's list of orders: `[{…}]`, the same under `orders` or `data`, or `{"<id>": {…}}`. Undefined when it is none of
 * these: a list that failed is not an empty one.
 */
export function readListedOrders(status: number, body: string): ListedPage | undefined {
  const answer = status >= 200 && status < 300 ? parseLoosely(body) : undefined;
  const rows = rowsOf(answer);
  if (rows === undefined) return undefined;
  const orders = rows.filter((row) => 'providerOrder' in row);
  const odd = rows.filter((row): row is OddRow => !('providerOrder' in row));
  return { orders, odd };
}

function rowsOf(answer: unknown): (ListedOrder | OddRow)[] | undefined {
  const list = isObject(answer) ? (answer.orders ?? answer.data ?? answer) : answer;
  if (Array.isArray(list)) return list.map((row: unknown) => readRow(row));
  if (!isObject(list) || typeof list.error === 'string') return undefined;
  const rows = Object.entries(list);
  // An object of anything else, like {"status":"success"}, says nothing about orders.
  return rows.every(([, row]) => isObject(row)) && rows.length > 0
    ? rows.map(([key, row]) => readRow(row, key))
    : undefined;
}
