import { isZero, type ProviderWord } from '../delivery/verdict.ts';
import {
  type ProviderStatus,
  providerStatus,
  refillWordStatus,
  shownWord,
  statusText,
  type TaughtWords,
  wordKey,
} from '../delivery/words.ts';
import { type ErrorMeaning, meaningOfError } from '../dispatch/outcome.ts';
import { LIMITS } from '../limits.ts';
import type { RefillStatus } from '../refill/rules.ts';
import { isObject, type Json, parseLoosely, readDecimal, readId, readInteger } from '../text/loose-json.ts';
import { storable } from '../text/storable.ts';
import { knownMeaning, type ProviderProfile, USUAL_PROFILE } from './profile.ts';

/** The answer to `add`. Only what proves that an order exists, or that none does, is more than `unclear`. */
export type AddAnswer =
  | { readonly kind: 'accepted'; readonly providerOrder: string }
  | {
      readonly kind: 'error';
      readonly error: string;
      readonly meaning: ErrorMeaning;
      /** In how many seconds it wants to be asked again, when it says. */
      readonly retryAfter?: number;
    }
  | { readonly kind: 'unclear'; readonly detail: string };

const unclear = (detail: string): AddAnswer => ({ kind: 'unclear', detail });

/** Statuses with which a server says that it did not act on the request, whatever the body is. */
const NOT_ACTED_ON: Readonly<Record<number, ErrorMeaning>> = {
  400: 'refused',
  401: 'key',
  403: 'trouble',
  404: 'trouble',
  405: 'trouble',
  422: 'refused',
  429: 'throttled',
};

/** What a status alone says; undefined when it proves nothing. */
function meaningOfStatus(status: number, { throttleStatuses }: ProviderProfile): ErrorMeaning | undefined {
  if (throttleStatuses.includes(status)) return 'throttled';
  return status === 429 ? undefined : NOT_ACTED_ON[status];
}

/** What an error text that came with this status proves; undefined when the order may have been placed all the same. */
function meaningOf(error: string, status: number, profile: ProviderProfile): ErrorMeaning | undefined {
  const known = knownMeaning(profile, error);
  if (known !== undefined) return known === 'unknown' ? undefined : known;
  // A broken server may say anything, and so may one that is known to act on calls that it throttles.
  const proves = status < 500 && (status !== 429 || profile.throttleStatuses.includes(429));
  return (proves ? meaningOfError(error) : undefined) ?? meaningOfStatus(status, profile);
}

/** Some panels name every field and leave what does not apply null or empty. */
const withoutBlanks = (answer: unknown): unknown =>
  isObject(answer)
    ? Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== null && value !== ''))
    : answer;

export function readAddAnswer(status: number, body: string, profile: ProviderProfile = USUAL_PROFILE): AddAnswer {
  const answer = withoutBlanks(parseLoosely(body));
  const ok = status >= 200 && status < 300;
  if (isObject(answer) && typeof answer.error === 'string' && answer.order === undefined) {
    const error = storable(answer.error, LIMITS.providerText);
    const meaning = meaningOf(error, status, profile);
    const why = status < 500 ? `error that is not known: ${error}` : `HTTP ${status}`;
    return meaning === undefined ? unclear(why) : { kind: 'error', error, meaning };
  }
  if (!ok) {
    // In front of a panel others answer as well (a CDN, a proxy): of a broken server only its own words count.
    const meaning = status < 500 ? meaningOfStatus(status, profile) : undefined;
    return meaning === undefined ? unclear(`HTTP ${status}`) : { kind: 'error', error: `HTTP ${status}`, meaning };
  }
  if (!isObject(answer)) return unclear('an answer that is not a JSON object');
  const providerOrder = answer.error === undefined ? readId(answer.order) : undefined;
  return providerOrder === undefined ? unclear('an answer without an order id') : { kind: 'accepted', providerOrder };
}

/** A word that says that it went wrong, of an order that cost nothing: it was given up, and nothing is owed for it. */
const settledError = (status: ProviderStatus, charge: string | null): ProviderStatus =>
  status === 'Error' && isZero(charge) ? 'Canceled' : status;

/**
 * What a provider says of one of its orders; undefined when it says nothing that can be read (an error row, or a number for a status
 * that staff have not taught). The row of a subscription (`{"status":"Active","expiry":…,"posts":"3","orders":[…]}`) has its posts
 * instead of what remains.
 */
export function readReport(row: unknown, taught?: TaughtWords): ProviderWord | undefined {
  const word = isObject(row) ? statusText(row.status) : undefined;
  if (!isObject(row) || word === undefined) return undefined;
  const status = providerStatus(word, taught);
  if (status === 'Unknown' && typeof row.status !== 'string') return undefined;
  const posts = row.remains === undefined ? readInteger(row.posts) : null;
  const startCount = readInteger(row.start_count);
  const charge = readDecimal(row.charge);
  return {
    status: settledError(status, charge),
    remains: readInteger(row.remains),
    // A target never shows less than nothing: -1 stands for a count that the provider does not know.
    startCount: startCount !== null && startCount >= 0 ? startCount : null,
    charge,
    ...(posts === null || posts < 0 ? {} : { posts }),
    ...(status === 'Unknown' ? { unknownWord: word } : {}),
  };
}

/**
 * The answer to `status` for many orders: what is said of each id that was asked about. Ids that are missing or cannot be
 * read are left out, which reads as unchanged; ids that were not asked about are ignored. Undefined: no answer at all.
 */
export function readStatusAnswer(
  status: number,
  body: string,
  asked: readonly string[],
  taught?: TaughtWords,
): Map<string, ProviderWord> | undefined {
  const answer = status >= 200 && status < 300 ? parseLoosely(body) : undefined;
  if (!isObject(answer)) return undefined;
  // Some panels answer a request for one id with the plain object of a single status.
  const only = asked.length === 1 ? asked[0] : undefined;
  const rows = only !== undefined && statusText(answer.status) !== undefined ? { [only]: answer } : answer;
  const reports = new Map<string, ProviderWord>();
  for (const id of asked) {
    const report = Object.hasOwn(rows, id) ? readReport(rows[id], taught) : undefined;
    if (report !== undefined) reports.set(id, report);
  }
  return reports.size === 0 && typeof answer.error === 'string' ? undefined : reports;
}

/** The words with which a provider refuses a whole call. */
const refusalOf = (answer: unknown): string | undefined => {
  const said = isObject(answer) ? (answer.error ?? answer.message) : undefined;
  return typeof said === 'string' ? said.slice(0, LIMITS.providerText) : undefined;
};

/** HTTP statuses with which a panel refuses what it was asked; of the second sort only its own words show that it was the panel. */
const REFUSING = [400, 422];
const REFUSING_IN_WORDS = [404, 405, 500];

/**
 * Whether an answer about many orders, or refills, that cannot be read may be the fault of one of them, or of asking about many: some
 * panels refuse the whole call for one id that they do not know, others know no lists. A provider that is in trouble says the same of
 * every one; a list has a row for each.
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
 * Whether an answer without an error speaks of none of those that were asked about, as of a panel that reads `orders=1,2` as nothing, or as
 * one order. `key` is where a row says which it is about.
 */
export function speaksOfNone(status: number, body: string, key: 'order' | 'refill', asked: readonly string[]): boolean {
  const answer = status >= 200 && status < 300 ? parseLoosely(body) : undefined;
  if (Array.isArray(answer)) return !answer.some((row) => isObject(row) && asked.includes(readId(row[key]) ?? ''));
  return isObject(answer) && refusalOf(answer) === undefined && !asked.some((id) => Object.hasOwn(answer, id));
}

/** Characters of a date in a header. */
const LONGEST_RETRY_AFTER = 64;

/** Seconds from a header Retry-After, which has seconds or a date; undefined when it says nothing that can be used. */
export function readRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined || header.length > LONGEST_RETRY_AFTER) return undefined;
  const seconds = readInteger(header) ?? (Date.parse(header) - now) / 1_000;
  return seconds > 0 ? Math.ceil(seconds) : undefined;
}

/** The answer of a counter source, `{"count": 1234}`; null when it says no count. */
export function readCountAnswer(status: number, body: string): number | null {
  const answer = status >= 200 && status < 300 ? parseLoosely(body) : undefined;
  const count = isObject(answer) ? readInteger(answer.count) : null;
  return count !== null && count >= 0 ? count : null;
}

/**
 * The answer to `cancel` for one order: `[{"order":9,"cancel":1}]`, with an error row, or as a plain object. `refusedCall`: it refuses the
 * call, and does not speak of the order. `nothing`: it has found no order in the call.
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

/** What a provider says to the wish for a refill of one of its orders. */
export type RefillWord = { readonly kind: 'taken'; readonly refill: string } | { readonly kind: 'refused' };

/**
 * The answer to `refill` for several orders: `[{"order":1,"refill":5},{"order":3,"refill":{"error":"…"}}]`, or the plain object
 * of a single one. What is said of each order that was asked about; of one that is left out nothing is known. `notNow`: the
 * provider is in trouble and has done nothing. Undefined: no answer at all.
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

/** A provider's word on a refill: its status, or an unknown word. */
export type RefillReport = { readonly status: RefillStatus } | { readonly unknownWord: string };

/**
 * The answer to `refill_status` for several refills: `[{"refill":1,"status":"Completed"}]`, or the plain object of a single one.
 * What is said of each that was asked about; errors are left out, which reads as unchanged.
 */
export function readRefillReports(
  status: number,
  body: string,
  asked: readonly string[],
  taught?: TaughtWords,
): Map<string, RefillReport> {
  const answer = status >= 200 && status < 300 ? parseLoosely(body) : undefined;
  const only = asked.length === 1 ? asked[0] : undefined;
  const rows: unknown[] = Array.isArray(answer) ? answer : [{ refill: only, ...(isObject(answer) ? answer : {}) }];
  const said = new Map<string, RefillReport>();
  for (const row of rows) {
    const word = isObject(row) ? statusText(row.status) : undefined;
    const id = isObject(row) ? readId(row.refill) : undefined;
    if (word === undefined || id === undefined || !asked.includes(id)) continue;
    const known = refillWordStatus(word, taught);
    said.set(id, known === undefined ? { unknownWord: word } : { status: known });
  }
  return said;
}

/** Those of them whose words are known. */
export const refillStatusesOf = (reports: ReadonlyMap<string, RefillReport>): Map<string, RefillStatus> =>
  new Map([...reports].flatMap(([id, report]) => ('status' in report ? [[id, report.status] as const] : [])));

/** The unknown words in a provider's answers, as they are shown, each once. */
export function unknownWordsIn(reports: Iterable<object>): Map<string, string> {
  const words = new Map<string, string>();
  for (const report of reports) {
    const word = 'unknownWord' in report ? shownWord(String(report.unknownWord)) : '';
    const key = wordKey(word);
    if (key !== '' && !words.has(key)) words.set(key, word);
  }
  return words;
}
