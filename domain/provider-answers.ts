import type { ProviderWord } from './completion.ts';
import { type ErrorMeaning, meaningOfError } from './dispatch.ts';
import { LIMITS } from './limits.ts';
import { isObject, type Json, parseLoosely, readDecimal, readId, readInteger } from './loose-json.ts';
import { knownMeaning, type ProviderProfile, USUAL_PROFILE } from './provider-profile.ts';
import { providerStatus, wordKey } from './provider-words.ts';
import type { RefillStatus } from './refill.ts';
import { storable } from './storable.ts';

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
  // A server that has broken, or of which it is known that it acts on what it throttles, may say anything.
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

/**
 * What a provider says of one of its orders; undefined when it says nothing that can be read (an error row). The row of a
 * subscription (`{"status":"Active","expiry":…,"posts":"3","orders":[…]}`) has its posts instead of what remains.
 */
export function readReport(row: unknown): ProviderWord | undefined {
  if (!isObject(row) || typeof row.status !== 'string') return undefined;
  const posts = row.remains === undefined ? readInteger(row.posts) : null;
  return {
    status: providerStatus(row.status),
    remains: readInteger(row.remains),
    startCount: readInteger(row.start_count),
    charge: readDecimal(row.charge),
    ...(posts === null || posts < 0 ? {} : { posts }),
  };
}

/**
 * The answer to `status` for many orders: what is said of each id that was asked about. Ids that are missing or cannot be
 * read are left out, which reads as unchanged; ids nobody asked about are ignored. Undefined: no answer at all.
 */
export function readStatusAnswer(
  status: number,
  body: string,
  asked: readonly string[],
): Map<string, ProviderWord> | undefined {
  const answer = status >= 200 && status < 300 ? parseLoosely(body) : undefined;
  if (!isObject(answer)) return undefined;
  // Some panels answer a request for one id with the plain object of a single status.
  const only = asked.length === 1 ? asked[0] : undefined;
  const rows = only !== undefined && typeof answer.status === 'string' ? { [only]: answer } : answer;
  const reports = new Map<string, ProviderWord>();
  for (const id of asked) {
    const report = Object.hasOwn(rows, id) ? readReport(rows[id]) : undefined;
    if (report !== undefined) reports.set(id, report);
  }
  return reports.size === 0 && typeof answer.error === 'string' ? undefined : reports;
}

/**
 * Whether an answer about many orders, or refills, that cannot be read may be the fault of one of them: some panels refuse the whole
 * call for one id that they do not know. A provider that is in trouble says the same of every one; a list has a row for each.
 */
export function isSpoiled(status: number, body: string): boolean {
  const answer = parseLoosely(body);
  const meaning = isObject(answer) && typeof answer.error === 'string' ? meaningOfError(answer.error) : undefined;
  const ok = status >= 200 && status < 300 && !Array.isArray(answer);
  return ok && (meaning === undefined || meaning === 'refused');
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

/** The answer to `cancel` for one order: `[{"order":9,"cancel":1}]`, with an error row, or as a plain object. */
export function readCancelAnswer(status: number, body: string): 'accepted' | 'refused' | 'unclear' {
  const answer = status >= 200 && status < 300 ? parseLoosely(body) : undefined;
  const row: unknown = Array.isArray(answer) ? answer[0] : answer;
  if (!isObject(row)) return 'unclear';
  if (typeof row.error === 'string' || isObject(row.cancel)) return 'refused';
  return Number(row.cancel) === 1 || row.cancel === true ? 'accepted' : 'unclear';
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

const REFILL_WORDS: Readonly<Record<string, RefillStatus>> = {
  pending: 'Pending',
  processing: 'In progress',
  inprogress: 'In progress',
  completed: 'Completed',
  complete: 'Completed',
  done: 'Completed',
  rejected: 'Rejected',
  canceled: 'Rejected',
  cancelled: 'Rejected',
  fail: 'Rejected',
  failed: 'Rejected',
};

/**
 * The answer to `refill_status` for several refills: `[{"refill":1,"status":"Completed"}]`, or the plain object of a single one.
 * What is said of each that was asked about; errors and words that are not known are left out, which reads as unchanged.
 */
export function readRefillStatuses(status: number, body: string, asked: readonly string[]): Map<string, RefillStatus> {
  const answer = status >= 200 && status < 300 ? parseLoosely(body) : undefined;
  const only = asked.length === 1 ? asked[0] : undefined;
  const rows: unknown[] = Array.isArray(answer) ? answer : [{ refill: only, ...(isObject(answer) ? answer : {}) }];
  const said = new Map<string, RefillStatus>();
  for (const row of rows) {
    if (!isObject(row) || typeof row.status !== 'string') continue;
    const id = readId(row.refill);
    const word = wordKey(row.status);
    const known = Object.hasOwn(REFILL_WORDS, word) ? REFILL_WORDS[word] : undefined;
    if (id !== undefined && known !== undefined && asked.includes(id)) said.set(id, known);
  }
  return said;
}
