import type { ProviderWord } from '../../domain/delivery/verdict.ts';
import type { TaughtWords } from '../../domain/delivery/words.ts';
import { type ListedPage, readListedOrders } from '../../domain/dispatch/order-listing.ts';
import { DEADLINES } from '../../domain/limits.ts';
import type { OrderFields } from '../../domain/placement/order-fields.ts';
import {
  type AddAnswer,
  isSpoiled,
  type RefillReport,
  type RefillWord,
  readAddAnswer,
  readCancelAnswer,
  readRefillAnswer,
  readRefillReports,
  readRetryAfter,
  readStatusAnswer,
} from '../../domain/provider/answers.ts';
import type { ListAction, OrderListing, ProviderProfile } from '../../domain/provider/profile.ts';
import type { GuardOptions } from '../../net/url-guard.ts';
import { exchange } from './exchange.ts';
import { type Heard, hearAll } from './lists.ts';

/** A provider's panel API: its address, our key there, where requests to it may go, and what is known of how it speaks. */
export interface Panel {
  readonly url: string;
  readonly key: string;
  readonly guard: GuardOptions;
  /** What staff have taught of its words. */
  readonly taught?: TaughtWords;
  /** Calls in which it is asked about each order by itself. */
  readonly withoutLists?: ReadonlySet<ListAction>;
}

export interface AddRequest {
  readonly service: string;
  /** Absent for subscriptions. */
  readonly link?: string;
  /** Absent where the type of service has its own. */
  readonly quantity?: number;
  /** What the type of service asks for beside them. */
  readonly fields: OrderFields;
}

export type AddResult = AddAnswer | { readonly kind: 'notSent'; readonly detail: string };

export interface AddOptions {
  /** The last moment (performance.now()) at which it may start to leave. */
  readonly notAfter: number;
  /** What is known of how the provider answers. */
  readonly profile: ProviderProfile;
}

/** Places an order with a provider, once. */
export async function addOrder(
  panel: Panel,
  request: AddRequest,
  { notAfter, profile }: AddOptions,
): Promise<AddResult> {
  const result = await exchange(
    panel.url,
    {
      ...request.fields,
      key: panel.key,
      action: 'add',
      service: request.service,
      ...(request.link === undefined ? {} : { link: request.link }),
      ...(request.quantity === undefined ? {} : { quantity: String(request.quantity) }),
    },
    { guard: panel.guard, totalMs: DEADLINES.send, notAfter },
  );
  switch (result.kind) {
    case 'answered': {
      const answer = readAddAnswer(result.status, result.body, profile);
      const retryAfter = readRetryAfter(result.retryAfter, Date.now());
      return answer.kind === 'error' && retryAfter !== undefined ? { ...answer, retryAfter } : answer;
    }
    case 'notSent':
      return result;
    case 'noAnswer':
      return { kind: 'unclear', detail: result.detail };
  }
}

/** What a provider says of up to 100 of its orders. */
export const orderStatuses = (panel: Panel, providerOrders: readonly string[]): Promise<Heard<ProviderWord>> => {
  const read = (status: number, body: string, asked: readonly string[]) =>
    readStatusAnswer(status, body, asked, panel.taught);
  return hearAll(panel, { action: 'status', one: 'order', many: 'orders', read }, providerOrders);
};

/** A page of a provider's orders, newest first; undefined when it gave no answer that can be read. */
export async function listOrders(
  panel: Panel,
  { action, pageSize }: OrderListing,
  offset: number,
): Promise<ListedPage | undefined> {
  const result = await exchange(
    panel.url,
    { key: panel.key, action, limit: String(pageSize), offset: String(offset) },
    { guard: panel.guard, totalMs: DEADLINES.statusCall },
  );
  return result.kind === 'answered' ? readListedOrders(result.status, result.body) : undefined;
}

/**
 * Asks a provider to stop an order. `accepted` is only that: what becomes of it, its status says. The field has two ways to say which order;
 * one that a panel does not know is followed by the other.
 */
export async function cancelOrder(
  panel: Panel,
  providerOrder: string,
): Promise<'accepted' | 'refused' | 'unclear' | 'unanswered'> {
  const ask = async (which: Readonly<Record<string, string>>) => {
    const fields = { key: panel.key, action: 'cancel', ...which };
    const result = await exchange(panel.url, fields, { guard: panel.guard, totalMs: DEADLINES.statusCall });
    return result.kind === 'answered' ? readCancelAnswer(result.status, result.body) : 'unanswered';
  };
  const ways = [{ orders: providerOrder }, { order: providerOrder }];
  const [usual = {}, other = {}] = panel.withoutLists?.has('status') ? ways.reverse() : ways;
  const answer = await ask(usual);
  if (answer !== 'refusedCall' && answer !== 'nothing') return answer;
  const second = await ask(other);
  if (second !== 'refusedCall' && second !== 'nothing') return second;
  return answer === 'nothing' && second === 'nothing' ? 'unclear' : 'refused';
}

/** What came of asking a provider for refills; `notNow`: it provably has done nothing. */
export type RefillsAsked =
  | {
      readonly kind: 'answered';
      readonly orders: ReadonlyMap<string, RefillWord>;
      /** It refused a call about many as a whole: perhaps only because it was about many. */
      readonly wholeCall: boolean;
    }
  | { readonly kind: 'notNow' }
  | { readonly kind: 'noAnswer' };

/** Asks a provider to refill up to 100 orders. */
export async function refillOrders(panel: Panel, providerOrders: readonly string[]): Promise<RefillsAsked> {
  const [only, ...more] = providerOrders;
  const which = more.length === 0 ? { order: only ?? '' } : { orders: providerOrders.join(',') };
  const result = await exchange(
    panel.url,
    { key: panel.key, action: 'refill', ...which },
    { guard: panel.guard, totalMs: DEADLINES.statusCall },
  );
  if (result.kind === 'notSent') return { kind: 'notNow' };
  if (result.kind === 'noAnswer') return { kind: 'noAnswer' };
  const orders = readRefillAnswer(result.status, result.body, providerOrders);
  if (orders === undefined) return { kind: 'noAnswer' };
  if (orders === 'notNow') return { kind: 'notNow' };
  return { kind: 'answered', orders, wholeCall: more.length > 0 && isSpoiled(result.status, result.body) };
}

/** What a provider says of up to 100 of its refills. */
export const refillReports = (panel: Panel, refills: readonly string[]): Promise<Heard<RefillReport>> => {
  const read = (status: number, body: string, asked: readonly string[]) =>
    readRefillReports(status, body, asked, panel.taught);
  return hearAll(panel, { action: 'refill_status', one: 'refill', many: 'refills', read }, refills);
};
