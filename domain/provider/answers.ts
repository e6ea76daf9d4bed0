import { isZero, type ProviderWord } from '../delivery/verdict.ts';
import {
  isCallWord,
  type ProviderStatus,
  providerStatus,
  refillWordStatus,
  shownWord,
  statusText,
  type TaughtWords,
  wordKey,
} from '../delivery/words.ts';
import { type ErrorMeaning, meaningOfError } from '../dispatch/outcome.ts';
import { type OwnWords, ownWords } from '../dispatch/own-words.ts';
import { LIMITS } from '../limits.ts';
import type { RefillStatus } from '../refill/rules.ts';
import { hasContent, hasError, isObject, type Json, parseLoosely, readId, readInteger } from '../text/loose-json.ts';
import { storable } from '../text/storable.ts';
import { readCharge } from './charge.ts';
import { knownMeaning, type ProviderProfile, USUAL_PROFILE } from './profile.ts';

/** The answer to `add`. Anything that proves neither that the order exists nor that it does not is `unclear`. */
export type AddAnswer =
  | { readonly kind: 'accepted'; readonly providerOrder: string }
  | {
      readonly kind: 'error';
      readonly error: string;
      readonly meaning: ErrorMeaning;
      /** Seconds after which the provider wants to be asked again; absent when it does not say. */
      readonly retryAfter?: number;
    }
  | { readonly kind: 'unclear'; readonly detail: string };

const unclear = (detail: string): AddAnswer => ({ kind: 'unclear', detail });

/** HTTP statuses that mean, whatever the body is, that the server did not act on the request. */
const NOT_ACTED_ON: Readonly<Record<number, ErrorMeaning>> = {
  400: 'refused',
  401: 'key',
  403: 'trouble',
  404: 'trouble',
  405: 'trouble',
  422: 'refused',
  429: 'throttled',
};

/** What an HTTP status alone proves; undefined when it proves nothing. */
function meaningOfStatus(status: number, { throttleStatuses }: ProviderProfile): ErrorMeaning | undefined {
  if (throttleStatuses.includes(status)) return 'throttled';
  return status === 429 ? undefined : NOT_ACTED_ON[status];
}

/** What an error text with this HTTP status proves; undefined when the order may have been placed. */
function meaningOf(error: string, status: number, profile: ProviderProfile, own: OwnWords): ErrorMeaning | undefined {
  const known = knownMeaning(profile, error, own);
  if (known !== undefined) return known === 'unknown' ? undefined : known;
  // The text proves nothing from a broken server, nor with a 429 from a provider that acts on throttled calls.
  const proves = status < 500 && (status !== 429 || profile.throttleStatuses.includes(429));
  return (proves ? meaningOfError(error, own) : undefined) ?? meaningOfStatus(status, profile);
}

/** Removes null and empty fields: some panels send every field and leave those that do not apply empty. */
const withoutBlanks = (answer: unknown): unknown =>
  isObject(answer)
    ? Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== null && value !== ''))
    : answer;

/** Reads the answer to `add`. `texts`: the customer's texts in the request, which the provider may quote in an error. */
export function readAddAnswer(
  status: number,
  body: string,
  profile: ProviderProfile = USUAL_PROFILE,
  texts: readonly string[] = [],
): AddAnswer {
  const answer = withoutBlanks(parseLoosely(body));
  const ok = status >= 200 && status < 300;
  if (isObject(answer) && typeof answer.error === 'string' && answer.order === undefined) {
    const error = storable(answer.error, LIMITS.providerText);
    const meaning = meaningOf(error, status, profile, ownWords(texts));
    const why = status < 500 ? `error that is not known: ${error}` : `HTTP ${status}`;
    return meaning === undefined ? unclear(why) : { kind: 'error', error, meaning };
  }
  if (!ok) {
    // A 5xx without an error text may come from a CDN or a proxy in front of the panel, so its status proves nothing.
    const meaning = status < 500 ? meaningOfStatus(status, profile) : undefined;
    return meaning === undefined ? unclear(`HTTP ${status}`) : { kind: 'error', error: `HTTP ${status}`, meaning };
  }
  if (!isObject(answer)) return unclear('an answer that is not a JSON object');
  const providerOrder = answer.error === undefined ? readId(answer.order) : undefined;
  return providerOrder === undefined ? unclear('an answer without an order id') : { kind: 'accepted', providerOrder };
}

/** An Error with a charge of 0 means Canceled: the panel gave the order up and charges nothing for it. */
const settledError = (status: ProviderStatus, charge: string | null): ProviderStatus =>
  status === 'Error' && isZero(charge) ? 'Canceled' : status;

/** The fields that only the row of an order has, and those that only the row of a refill has. */
const OF_ORDERS = ['charge', 'remains', 'start_count', 'posts'];
const OF_REFILLS = ['refill'];

/** Whether a row says one of these fields. */
const saysOneOf = (row: Json, fields: readonly string[]): boolean =>
  fields.some((field) => row[field] !== undefined && row[field] !== null && row[field] !== '');

/**
 * Whether a row with this status word is the reply to a call and says nothing about an order or refill:
 * `{"status":"fail","message":"…"}`, `{"status":"success","data":{…}}`. A remark beside the row's own fields is no such reply.
 */
function isReply(row: Json, word: string, own: readonly string[]): boolean {
  const isRow = saysOneOf(row, own) && !isCallWord(word);
  return hasError(row) || (!isRow && [row.message, row.msg, row.data].some(hasContent));
}

/** How the status rows of a provider are read. */
export interface StatusReading {
  /** Status words that staff have taught. */
  readonly taught?: TaughtWords | undefined;
  /** The currency of this installation: a charge in another one is not read. Absent: rows are read whatever they name. */
  readonly ours?: string | undefined;
}

/**
 * Reads a provider's status row of one order; undefined when the row is unreadable (an error row, the reply to a call, or a status
 * number that staff have not taught). The row of a subscription (`{"status":"Active","expiry":…,"posts":"3","orders":[…]}`) has
 * `posts` instead of `remains`, which is absent or empty.
 */
export function readReport(row: unknown, { taught, ours }: StatusReading = {}): ProviderWord | undefined {
  const word = isObject(row) ? statusText(row.status) : undefined;
  if (!isObject(row) || word === undefined || isReply(row, word, OF_ORDERS)) return undefined;
  const status = providerStatus(word, taught);
  if (status === 'Unknown' && typeof row.status !== 'string') return undefined;
  const remains = readInteger(row.remains);
  const posts = remains === null && !hasContent(row.remains) ? readInteger(row.posts) : null;
  const startCount = readInteger(row.start_count);
  const charge = readCharge(row.charge, { of: row.currency, ours });
  return {
    status: settledError(status, charge),
    remains,
    // Some providers write -1 for a count that they do not know.
    startCount: startCount !== null && startCount >= 0 ? startCount : null,
    charge,
    ...(posts === null || posts < 0 ? {} : { posts }),
    ...(status === 'Unknown' ? { unknownWord: word } : {}),
  };
}

/**
 * Reads the answer to `status` for many orders, by id. A missing or unreadable row is left out, which means unchanged. Ids that
 * were not asked about are ignored. Undefined: the answer as a whole is unreadable or an error.
 */
export function readStatusAnswer(
  status: number,
  body: string,
  asked: readonly string[],
  reading: StatusReading = {},
): Map<string, ProviderWord> | undefined {
  const answer = status >= 200 && status < 300 ? parseLoosely(body) : undefined;
  if (!isObject(answer)) return undefined;
  const only = asked.length === 1 ? asked[0] : undefined;
  const rows = only !== undefined && !Object.hasOwn(answer, only) && isSingle(answer) ? { [only]: answer } : answer;
  const reports = new Map<string, ProviderWord>();
  for (const id of asked) {
    const report = Object.hasOwn(rows, id) ? readReport(rows[id], reading) : undefined;
    if (report !== undefined) reports.set(id, report);
  }
  return reports.size === 0 && refusalOf(answer) !== undefined ? undefined : reports;
}

/**
 * Whether an answer is the row of a single order: some panels answer so when one id is asked about. A word that may be about the
 * call counts only beside a field of an order.
 */
function isSingle(answer: Json): boolean {
  const word = statusText(answer.status);
  return word !== undefined && (!isCallWord(word) || saysOneOf(answer, OF_ORDERS));
}

/** The text with which a provider refuses a whole call; undefined without one. */
const refusalOf = (answer: unknown): string | undefined => {
  const said = isObject(answer) ? [answer.error, answer.message, answer.msg].find(hasContent) : undefined;
  return typeof said === 'string' ? said.slice(0, LIMITS.providerText) : undefined;
};

/**
 * HTTP statuses of a refused call. The second group counts only with an error text, which shows that the panel itself answered.
 */
const REFUSING = [400, 422];
const REFUSING_IN_WORDS = [404, 405, 500];

/**
 * Whether one id, or asking about many at once, may be the cause of an unreadable answer about many orders or refills. Some
 * panels refuse the whole call for one unknown id, others know no list calls. Not spoiled: an error that means the provider is in
 * trouble, because every id would get it, and a list, because it has a row for each id.
 */
export function isSpoiled(status: number, body: string): boolean {
  const answer = parseLoosely(body);
  const refusal = refusalOf(answer);
  const meaning = refusal === undefined ? undefined : meaningOfError(refusal);
  const ok = status >= 200 && status < 300 && !Array.isArray(answer);
  const refusing =
    REFUSING.includes(status) || (REFUSING_IN_WORDS.includes(status) && isObject(answer) && answer.error !== undefined);
  return (ok || refusing) && (meaning === undefined || meaning === 'refused');
}

/**
 * Whether an answer without an error names none of the ids that were asked about: some panels read `orders=1,2` as nothing or as
 * one order. `key` is the field of a list's row that has the id.
 */
export function speaksOfNone(status: number, body: string, key: 'order' | 'refill', asked: readonly string[]): boolean {
  const answer = status >= 200 && status < 300 ? parseLoosely(body) : undefined;
  if (Array.isArray(answer)) return !answer.some((row) => isObject(row) && asked.includes(readId(row[key]) ?? ''));
  return isObject(answer) && refusalOf(answer) === undefined && !asked.some((id) => Object.hasOwn(answer, id));
}

/** Longest Retry-After header that is read: a date needs fewer characters. */
const LONGEST_RETRY_AFTER = 64;

/** Seconds from a Retry-After header, which has seconds or a date; undefined when it is missing or unusable. */
export function readRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined || header.length > LONGEST_RETRY_AFTER) return undefined;
  const seconds = readInteger(header) ?? (Date.parse(header) - now) / 1_000;
  return seconds > 0 ? Math.ceil(seconds) : undefined;
}

/** Reads the answer of a counter source, `{"count": 1234}`; null when it has no count. */
export function readCountAnswer(status: number, body: string): number | null {
  const answer = status >= 200 && status < 300 ? parseLoosely(body) : undefined;
  const count = isObject(answer) ? readInteger(answer.count) : null;
  return count !== null && count >= 0 ? count : null;
}

/**
 * Reads the answer to `cancel` for one order: `[{"order":9,"cancel":1}]`, an error row, or a plain object. `refusedCall`: the
 * provider refused the call itself, not this order. `nothing`: the provider found no order in the call.
 */
export function readCancelAnswer(
  status: number,
  body: string,
): 'accepted' | 'refused' | 'unclear' | 'refusedCall' | 'nothing' {
  const ok = status >= 200 && status < 300;
  const answer = parseLoosely(body);
  const row: unknown = Array.isArray(answer) ? answer[0] : answer;
  if (!ok) return isSpoiled(status, body) ? 'refusedCall' : 'unclear';
  if (Array.isArray(answer) && row === undefined) return 'nothing';
  if (!isObject(row)) return 'unclear';
  if (isObject(row.cancel)) return 'refused';
  if (typeof row.error === 'string')
    return Array.isArray(answer) || !isSpoiled(status, body) ? 'refused' : 'refusedCall';
  if (Number(row.cancel) === 1 || row.cancel === true) return 'accepted';
  return Object.keys(row).length === 0 ? 'nothing' : 'unclear';
}

/** A provider's answer to a refill request for one of its orders. */
export type RefillWord = { readonly kind: 'taken'; readonly refill: string } | { readonly kind: 'refused' };

/**
 * Reads the answer to `refill` for several orders, by order: `[{"order":1,"refill":5},{"order":3,"refill":{"error":"…"}}]`, or
 * the plain object of a single order. An order that is left out stays unknown. `notNow`: the provider is in trouble and has done
 * nothing. Undefined: the answer is unreadable.
 */
export function readRefillAnswer(
  status: number,
  body: string,
  asked: readonly string[],
): Map<string, RefillWord> | 'notNow' | undefined {
  const answer = withoutBlanks(parseLoosely(body));
  const ok = status >= 200 && status < 300;
  const error =
    isObject(answer) && typeof answer.error === 'string' && answer.refill === undefined ? answer.error : null;
  if (status < 500 && (error !== null || !ok)) {
    const meaning = meaningOfError(error ?? '') ?? NOT_ACTED_ON[status] ?? (ok ? 'refused' : undefined);
    if (meaning === undefined) return undefined;
    if (meaning !== 'refused') return 'notNow';
    return new Map(asked.map((order) => [order, { kind: 'refused' }]));
  }
  if (!ok) return undefined;
  const only = asked.length === 1 ? asked[0] : undefined;
  const rows: unknown[] = Array.isArray(answer) ? answer : isObject(answer) ? [{ order: only, ...answer }] : [];
  if (rows.length === 0) return undefined;
  const words = rows
    .filter(isObject)
    .map((row) => [readId(row.order), readRefillWord(withoutBlanks(row) as Json)] as const);
  return new Map(
    words.flatMap(([order, word]) => (order && word && asked.includes(order) ? [[order, word] as const] : [])),
  );
}

function readRefillWord({ refill, error }: Json): RefillWord | undefined {
  const id = readId(refill);
  if (id !== undefined) return error === undefined ? { kind: 'taken', refill: id } : undefined;
  const said = isObject(refill) ? refill.error : error;
  if (typeof said !== 'string') return undefined;
  return (meaningOfError(said) ?? 'refused') === 'refused' ? { kind: 'refused' } : undefined;
}

/** A provider's report about a refill: its status, or the word that is not known. */
export type RefillReport = { readonly status: RefillStatus } | { readonly unknownWord: string };

/**
 * Reads the answer to `refill_status` for several refills, by refill: `[{"refill":1,"status":"Completed"}]`, or the plain object
 * of a single refill. Error rows and the reply to a call are left out, which means unchanged.
 */
export function readRefillReports(
  status: number,
  body: string,
  asked: readonly string[],
  taught?: TaughtWords,
): Map<string, RefillReport> {
  const answer = status >= 200 && status < 300 ? parseLoosely(body) : undefined;
  const only = asked.length === 1 && !Array.isArray(answer) ? asked[0] : undefined;
  const rows: unknown[] = Array.isArray(answer) ? answer : [answer];
  const said = new Map<string, RefillReport>();
  for (const row of rows) {
    const word = isObject(row) ? statusText(row.status) : undefined;
    if (!isObject(row) || word === undefined || isReply(row, word, OF_REFILLS)) continue;
    const id = row.refill === undefined ? only : readId(row.refill);
    if (id === undefined || !asked.includes(id)) continue;
    const known = refillWordStatus(word, taught);
    // Without the refill's id, the call may have failed and not the refill.
    if (known === 'Rejected' && row.refill === undefined && isCallWord(word)) continue;
    said.set(id, known === undefined ? { unknownWord: word } : { status: known });
  }
  return said;
}

/** The reports with a known status. */
export const refillStatusesOf = (reports: ReadonlyMap<string, RefillReport>): Map<string, RefillStatus> =>
  new Map([...reports].flatMap(([id, report]) => ('status' in report ? [[id, report.status] as const] : [])));

/** The unknown words in a provider's answers, by their keys, in the form that people see. */
export function unknownWordsIn(reports: Iterable<object>): Map<string, string> {
  const words = new Map<string, string>();
  for (const report of reports) {
    const word = 'unknownWord' in report ? shownWord(String(report.unknownWord)) : '';
    const key = wordKey(word);
    if (key !== '' && !words.has(key)) words.set(key, word);
  }
  return words;
}
