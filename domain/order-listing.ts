import { isObject, type Json, parseLoosely, readId, readInteger } from './loose-json.ts';

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

export interface ListedPage {
  readonly orders: readonly ListedOrder[];
  /** Rows that could not be read: any of them may be any order. */
  readonly odd: number;
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

const text = (value: unknown): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;

/** Seconds since 1970, or RFC 3339; a time without its zone may be any of 26 hours, and so is none. */
function readTime(value: unknown): number | null {
  const seconds = readInteger(value);
  if (seconds !== null) return seconds > 1e11 ? seconds : seconds * 1_000;
  const zoned = typeof value === 'string' && /T.*(Z|[+-]\d\d:?\d\d)$/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(zoned) ? null : zoned;
}

function readRow(row: unknown, key?: string): ListedOrder | undefined {
  if (!isObject(row)) return undefined;
  const providerOrder = readId(first(row, NAMES.order) ?? key);
  if (providerOrder === undefined) return undefined;
  return {
    providerOrder,
    service: text(first(row, NAMES.service)),
    link: text(first(row, NAMES.link)),
    quantity: readInteger(first(row, NAMES.quantity)),
    at: readTime(first(row, NAMES.at)),
    status: text(row.status),
  };
}

/**
 * A provider's list of orders: `[{…}]`, the same under `orders` or `data`, or `{"<id>": {…}}`. Undefined when it is none of
 * these: a list that failed is not an empty one.
 */
export function readListedOrders(status: number, body: string): ListedPage | undefined {
  const answer = status >= 200 && status < 300 ? parseLoosely(body) : undefined;
  const rows = rowsOf(answer);
  if (rows === undefined) return undefined;
  const orders = rows.flatMap((row) => row ?? []);
  return { orders, odd: rows.length - orders.length };
}

function rowsOf(answer: unknown): (ListedOrder | undefined)[] | undefined {
  const list = isObject(answer) ? (answer.orders ?? answer.data ?? answer) : answer;
  if (Array.isArray(list)) return list.map((row: unknown) => readRow(row));
  if (!isObject(list) || typeof list.error === 'string') return undefined;
  const rows = Object.entries(list);
  // An object of anything else, like {"status":"success"}, says nothing about orders.
  return rows.every(([, row]) => isObject(row)) && rows.length > 0
    ? rows.map(([key, row]) => readRow(row, key))
    : undefined;
}
