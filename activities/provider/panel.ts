import type { ProviderWord } from '../../domain/delivery/verdict.ts';
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
import type { OrderListing, ProviderProfile } from '../../domain/provider/profile.ts';
import { call } from './call.ts';
import { askAll, type ListAnswers } from './lists.ts';
import type { Panel } from './open-panel.ts';

export interface AddRequest {
  readonly service: string;
  /** Absent for subscriptions. */
  readonly link?: string;
  /** Absent when the type of service has its own. */
  readonly quantity?: number;
  /** Further fields of the type of service. */
  readonly fields: OrderFields;
}

export type AddResult = AddAnswer | { readonly kind: 'notSent'; readonly detail: string };

export interface AddOptions {
  /** The last moment (performance.now()) at which the request may start to leave. */
  readonly notAfter: number;
  /** How the provider deviates from others. */
  readonly profile: ProviderProfile;
}

/** Places an order with a provider, once. */
export async function addOrder(
  panel: Panel,
  request: AddRequest,
  { notAfter, profile }: AddOptions,
): Promise<AddResult> {
  const result = await call(
    panel,
    {
      ...request.fields,
      action: 'add',
      service: request.service,
      ...(request.link === undefined ? {} : { link: request.link }),
      ...(request.quantity === undefined ? {} : { quantity: String(request.quantity) }),
    },
    { totalMs: DEADLINES.send, notAfter },
  );
  switch (result.kind) {
    case 'answered': {
      const texts = [request.link ?? '', ...Object.values(request.fields)];
      const answer = readAddAnswer(result.status, result.body, profile, texts);
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
export const orderStatuses = (panel: Panel, providerOrders: readonly string[]): Promise<ListAnswers<ProviderWord>> => {
  const read = (status: number, body: string, asked: readonly string[]) =>
    readStatusAnswer(status, body, asked, { taught: panel.taught, ours: panel.currency });
  return askAll(panel, { action: 'status', one: 'order', many: 'orders', read }, providerOrders);
};

/** A page of a provider's orders, newest first; undefined when it gave no answer that can be read. */
export async function listOrders(
  panel: Panel,
  { action, pageSize }: OrderListing,
  offset: number,
): Promise<ListedPage | undefined> {
  const parameters = { action, limit: String(pageSize), offset: String(offset) };
  const result = await call(panel, parameters, { totalMs: DEADLINES.statusCall });
  return result.kind === 'answered' ? readListedOrders(result.status, result.body) : undefined;
}

/**
 * Asks a provider to stop an order. `accepted` does not prove that the order has ended; only its status does. Panels take the
 * order's id in `orders` or in `order`: when a panel does not understand one field, the other is tried.
 */
export async function cancelOrder(
  panel: Panel,
  providerOrder: string,
): Promise<'accepted' | 'refused' | 'unclear' | 'unanswered'> {
  const ask = async (which: Readonly<Record<string, string>>) => {
    const result = await call(panel, { action: 'cancel', ...which }, { totalMs: DEADLINES.statusCall });
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

/** The result of asking a provider for refills; `notNow`: the provider provably did nothing. */
export type RefillsAsked =
  | {
      readonly kind: 'answered';
      readonly orders: ReadonlyMap<string, RefillWord>;
      /** The provider refused the whole call, perhaps only because the call was about many orders. */
      readonly wholeCall: boolean;
    }
  | { readonly kind: 'notNow' }
  | { readonly kind: 'noAnswer' };

/** Asks a provider to refill up to 100 orders. */
export async function refillOrders(panel: Panel, providerOrders: readonly string[]): Promise<RefillsAsked> {
  const [only, ...more] = providerOrders;
  const which = more.length === 0 ? { order: only ?? '' } : { orders: providerOrders.join(',') };
  const result = await call(panel, { action: 'refill', ...which }, { totalMs: DEADLINES.statusCall });
  if (result.kind === 'notSent') return { kind: 'notNow' };
  if (result.kind === 'noAnswer') return { kind: 'noAnswer' };
  const orders = readRefillAnswer(result.status, result.body, providerOrders);
  if (orders === undefined) return { kind: 'noAnswer' };
  if (orders === 'notNow') return { kind: 'notNow' };
  return { kind: 'answered', orders, wholeCall: more.length > 0 && isSpoiled(result.status, result.body) };
}

/** What a provider says of up to 100 of its refills. */
export const refillReports = (panel: Panel, refills: readonly string[]): Promise<ListAnswers<RefillReport>> => {
  const read = (status: number, body: string, asked: readonly string[]) =>
    readRefillReports(status, body, asked, panel.taught);
  return askAll(panel, { action: 'refill_status', one: 'refill', many: 'refills', read }, refills);
};
