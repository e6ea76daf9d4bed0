import { saysSuccess } from '../delivery/words.ts';
import { LIMITS } from '../limits.ts';
import { hasContent, hasError, isObject, type Json, parseLoosely, readId, readInteger } from '../text/loose-json.ts';
import { cleanText, storable } from '../text/storable.ts';

/** An order in a provider's list. A field that could not be read is null. */
export interface ListedOrder {
  readonly providerOrder: string;
  readonly service: string | null;
  readonly link: string | null;
  readonly quantity: number | null;
  /** When it was placed, by the provider's clock, in milliseconds since 1970; null when the list gives no time zone. */
  readonly at: number | null;
  /** The provider's own status word. */
  readonly status: string | null;
}

/** A row without a readable order id. It may be our order, unless its other fields contradict that. */
export type OddRow = Pick<ListedOrder, 'service' | 'link' | 'quantity' | 'at'>;

export interface ListedPage {
  readonly orders: readonly ListedOrder[];
  readonly odd: readonly OddRow[];
}

/** The known names of each field. There is no standard for a list of orders. */
const NAMES = {
  order: ['order', 'id', 'order_id'],
  service: ['service', 'service_id'],
  link: ['link', 'username', 'url'],
  quantity: ['quantity', 'count'],
  at: ['created', 'created_at', 'date', 'timestamp'],
} as const;

const first = (row: Json, names: readonly string[]): unknown =>
  names.map((name) => row[name]).find((value) => value !== undefined && value !== null);

/** Longest text that is compared with our links: percent-encoding makes a link several times longer. */
const LONGEST_TEXT = 4 * LIMITS.link;

/** A text field as it can be stored. A link that this changes matches none of ours. */
const text = (value: unknown): string | null => {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.length <= LONGEST_TEXT ? storable(value, LONGEST_TEXT) : null;
};

/** The provider's status word in the form that people see. */
const shown = (value: unknown): string | null => {
  const word = typeof value === 'number' ? String(value) : value;
  return typeof word === 'string' ? cleanText(word) : null;
};

/** Longest text that is read as a time: with nanoseconds and an offset it has 35 characters. */
const LONGEST_TIME = 40;

/** Whether a time has its zone, as `Z` or as an offset. */
const hasZone = (time: string): boolean =>
  time.length <= LONGEST_TIME && time.toUpperCase().includes('T') && /(Z|[+-]\d\d:?\d\d)$/i.test(time);

/** The range of plausible order times: panels did not exist before 2000, and PostgreSQL cannot store every later number. */
const TIMES = [Date.parse('2000-01-01T00:00:00Z'), Date.parse('2200-01-01T00:00:00Z')] as const;

/** A time at which an order can have been placed; null for any other. */
function readTime(value: unknown): number | null {
  const at = anyTime(value);
  return at !== null && at >= TIMES[0] && at < TIMES[1] ? at : null;
}

/** Reads seconds or milliseconds since 1970, or RFC 3339. A time without a zone is null: it could be any of 26 hours. */
function anyTime(value: unknown): number | null {
  const seconds = readInteger(value);
  if (seconds !== null) return seconds > 1e11 ? seconds : seconds * 1_000;
  const zoned = typeof value === 'string' && hasZone(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(zoned) ? null : zoned;
}

/** Reads a row, each field on its own. */
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
 * Reads a provider's list of orders: `[{…}]`, the same under `orders` or `data`, or `{"<id>": {…}}`. Undefined for any other
 * answer: a failed list must not be read as an empty one.
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
  if (isObject(answer) && (hasError(answer) || (Array.isArray(list) && list.length === 0 && !mayBeEmpty(answer)))) {
    return undefined;
  }
  if (Array.isArray(list)) return list.map((row: unknown) => readRow(row));
  if (!isObject(list) || hasError(list)) return undefined;
  const rows = Object.entries(list);
  // Any other object, such as {"status":"success"}, says nothing about orders.
  return rows.every(([, row]) => isObject(row)) && rows.length > 0
    ? rows.map(([key, row]) => readRow(row, key))
    : undefined;
}

/** Whether an empty list in this answer is the end of the list, and not a call that failed: `{"status":"fail","data":[]}`. */
const mayBeEmpty = ({ status, message, msg }: Json): boolean =>
  !hasContent(message) && !hasContent(msg) && (status === undefined || status === null || saysSuccess(status));
