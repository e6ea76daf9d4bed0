import { createHash } from 'node:crypto';
import { formatMoney, parseRate, priceOf, unitPrice } from '../../domain/ledger/money.ts';

/** An accepted order as it is journalled. Its delivery depends only on these fields, so a restart does not change it. */
export interface PlacedOrder {
  readonly order: number;
  /** When it was accepted, in milliseconds since 1970. */
  readonly at: number;
  readonly service: number;
  readonly type: string;
  readonly link: string;
  /** Items in one run. */
  readonly quantity: number;
  readonly runs: number;
  /** Milliseconds between the starts of two runs. */
  readonly intervalMs: number;
  readonly rate: string;
  readonly per: 1 | 1000;
  /** Subscription only: the most likes charged for one post. `quantity` then counts posts. */
  readonly each?: number;
  /** Subscription only: its last day, or empty. */
  readonly expiry?: string;
  readonly startCount: number;
  readonly script: string;
  /** Milliseconds from acceptance to the first item. */
  readonly delayMs: number;
  /** Milliseconds that one run takes. */
  readonly durationMs: number;
  /** Milliseconds from a cancel request until the order ends. */
  readonly cancelMs: number;
  readonly jitter: string;
}

/** Fields of a status row that a test forces. Any JSON, so that tests can force wrong types too. */
export interface Forced {
  status?: unknown;
  remains?: unknown;
  start_count?: unknown;
  charge?: unknown;
  /** Delivered items for the counter source. */
  delivered?: number | undefined;
}

/** An order with the changes since it was accepted. */
export interface OrderState extends PlacedOrder {
  cancelRequestedAt?: number;
  publicAt?: number;
  forced?: Forced;
}

export const totalQuantity = (order: PlacedOrder): number => order.quantity * order.runs;

/** The price of `items` items (or posts) of the order, in units of 1e-8. */
export function costOf(order: Pick<PlacedOrder, 'rate' | 'per' | 'each'>, items: number): bigint {
  const rate = parseRate(order.rate);
  if (rate === undefined) throw new Error(`rate ${order.rate} is not a decimal with at most five places`);
  return priceOf(unitPrice(rate, order.per), items * (order.each ?? 1));
}

/** Money as panels write it: the shortest exact decimal string. */
export const decimal = (units: bigint): string => formatMoney(units);

/** Bytes that depend only on `words`. Every "random" number of the provider comes from here. */
export const digest = (...words: (string | number)[]): Buffer => createHash('sha256').update(words.join('\n')).digest();
