import type { ProviderWord } from '../../domain/completion.ts';
import { DEADLINES } from '../../domain/limits.ts';
import type { OrderFields } from '../../domain/order-fields.ts';
import { type ListedPage, readListedOrders } from '../../domain/order-listing.ts';
import {
  type AddAnswer,
  isSpoiled,
  type RefillWord,
  readAddAnswer,
  readCancelAnswer,
  readRefillAnswer,
  readRefillStatuses,
  readRetryAfter,
  readStatusAnswer,
} from '../../domain/provider-answers.ts';
import type { OrderListing, ProviderProfile } from '../../domain/provider-profile.ts';
import type { RefillStatus } from '../../domain/refill.ts';
import type { GuardOptions } from '../../net/url-guard.ts';
import { exchange, TOO_LARGE } from './exchange.ts';

/** A provider's panel API: its address, our key there, and where requests to it may go. */
export interface Panel {
  readonly url: string;
  readonly key: string;
  readonly guard: GuardOptions;
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

/** What one call about many brought, by id; `spoiled`: nothing that can be read, perhaps by the fault of one of them. */
type Said<T> = ReadonlyMap<string, T> | 'spoiled' | 'none';

/** Calls that are made at most to hear of the others when one spoils the call about all of them. */
const MOST_CALLS = 64;
/** After so many halvings without a word from it, a provider is not asked on: it is not the fault of some. */
const HALVINGS = 2;

const halves = <T>(all: readonly T[]): (readonly T[])[] => {
  const middle = Math.ceil(all.length / 2);
  return [all.slice(0, middle), all.slice(middle)];
};

/**
 * Asks about many in one call, and where one of them may have spoiled the answer about the others in smaller ones. Undefined
 * when there was no answer that can be read.
 */
async function hearAll<T>(
  all: readonly string[],
  ask: (ids: readonly string[]) => Promise<Said<T>>,
): Promise<Map<string, T> | undefined> {
  const words = new Map<string, T>();
  let [calls, heard, parts] = [0, false, [all]];
  for (let halved = 0; parts.length > 0 && (heard || halved <= HALVINGS); halved += 1) {
    const spoiled: (readonly string[])[] = [];
    for (const part of parts) {
      const said = calls < MOST_CALLS ? await ask(part) : 'none';
      calls += 1;
      if (said === 'none') return heard ? words : undefined;
      if (said === 'spoiled') spoiled.push(part);
      else heard = true;
      for (const [id, word] of typeof said === 'string' ? [] : said) words.set(id, word);
    }
    parts = spoiled.filter(({ length }) => length > 1).flatMap(halves);
  }
  return heard ? words : undefined;
}

/** A call about some of a provider's orders, or refills, and how its answer is read; `read` says undefined when it cannot be. */
async function askAbout<T>(
  { url, key, guard }: Panel,
  what: Readonly<Record<string, string>>,
  read: (status: number, body: string) => ReadonlyMap<string, T> | undefined,
): Promise<Said<T>> {
  const result = await exchange(url, { key, ...what }, { guard, totalMs: DEADLINES.statusCall });
  if (result.kind !== 'answered') return result.detail === TOO_LARGE ? 'spoiled' : 'none';
  return read(result.status, result.body) ?? (isSpoiled(result.status, result.body) ? 'spoiled' : 'none');
}

/** What a provider says of up to 100 of its orders; undefined when it gave no answer that can be read. */
export const orderStatuses = (
  panel: Panel,
  providerOrders: readonly string[],
): Promise<Map<string, ProviderWord> | undefined> =>
  hearAll(providerOrders, (ids) =>
    askAbout(panel, { action: 'status', orders: ids.join(',') }, (status, body) => readStatusAnswer(status, body, ids)),
  );

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

/** Asks a provider to stop an order. `accepted` is only that: what becomes of it, its status says. */
export async function cancelOrder(
  panel: Panel,
  providerOrder: string,
): Promise<'accepted' | 'refused' | 'unclear' | 'unanswered'> {
  const result = await exchange(
    panel.url,
    { key: panel.key, action: 'cancel', orders: providerOrder },
    { guard: panel.guard, totalMs: DEADLINES.statusCall },
  );
  return result.kind === 'answered' ? readCancelAnswer(result.status, result.body) : 'unanswered';
}

/** What came of asking a provider for refills; `notNow`: it provably has done nothing. */
export type RefillsAsked =
  | { readonly kind: 'answered'; readonly orders: ReadonlyMap<string, RefillWord> }
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
  return orders === 'notNow' ? { kind: 'notNow' } : { kind: 'answered', orders };
}

/** What a provider says of up to 100 of its refills. */
export async function refillStatuses(panel: Panel, refills: readonly string[]): Promise<Map<string, RefillStatus>> {
  const heard = await hearAll(refills, (ids) =>
    askAbout(panel, { action: 'refill_status', refills: ids.join(',') }, (status, body) => {
      const said = readRefillStatuses(status, body, ids);
      return said.size === 0 ? undefined : said;
    }),
  );
  return heard ?? new Map();
}
