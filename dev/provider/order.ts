import { createHash } from 'node:crypto';
import { formatMoney, parseRate, priceOf, unitPrice } from '../../domain/ledger/money.ts';

/** An accepted order as it is journalled: all that its delivery depends on is frozen here, so a restart changes nothing. */
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
  /** Of a subscription: what a post is charged for at most. Its quantity is posts. */
  readonly each?: number;
  /** Of a subscription: its last day, or nothing. */
  readonly expiry?: string;
  readonly startCount: number;
  readonly script: string;
  /** From acceptance to the first item. */
  readonly delayMs: number;
  /** How long one run takes. */
  readonly durationMs: number;
  /** From a cancel request to the end it brings. */
  readonly cancelMs: number;
  readonly jitter: string;
}

/** Fields of a status row that a test has forced; any JSON, so that wrong types can be forced too. */
export interface Forced {
  status?: unknown;
  remains?: unknown;
  start_count?: unknown;
  charge?: unknown;
  /** What the counter source sees as delivered. */
  delivered?: number | undefined;
}

/** An order with what happened to it after it was accepted. */
export interface OrderState extends PlacedOrder {
  cancelRequestedAt?: number;
  publicAt?: number;
  forced?: Forced;
}

export const totalQuantity = (order: PlacedOrder): number => order.quantity * order.runs;

/** What so many items, or posts, of the order cost, in units of 1e-8. */
export function costOf(order: Pick<PlacedOrder, 'rate' | 'per' | 'each'>, items: number): bigint {
  const rate = parseRate(order.rate);
  if (rate === undefined) throw new Error(`rate ${order.rate} is not a decimal with at most five places`);
  return priceOf(unitPrice(rate, order.per), items * (order.each ?? 1));
}

/** A decimal string as panels write money: the shortest exact one. */
export const decimal = (units: bigint): string => formatMoney(units);

/** Bytes that depend on the words alone: every "random" number of the provider comes from here. */
export const digest = (...words: (string | number)[]): Buffer => createHash('sha256').update(words.join('\n')).digest();
