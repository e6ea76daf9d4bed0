import { LIMITS } from '../limits.ts';
import type { RefillStatus } from '../refill/rules.ts';
import { storable } from '../text/storable.ts';

/**
 * One vocabulary for the statuses of all providers. Providers write them in any case and spelling ("In progress", "inprogress",
 * "Cancelled"). An unknown word never ends an order. docs/providers.md says what each word means, and why.
 */
export const PROVIDER_STATUSES = [
  'Pending',
  'Processing',
  'In progress',
  'Paused',
  'Completed',
  'Partial',
  'Canceled',
  'Error',
  'Unknown',
] as const;
export type ProviderStatus = (typeof PROVIDER_STATUSES)[number];

/** The statuses that staff can teach a word to mean. */
export const TEACHABLE = PROVIDER_STATUSES.filter((status) => status !== 'Unknown');

/** Words for each status, as their keys. A word that could mean two things is left out on purpose. */
const SYNONYMS: Readonly<Record<Exclude<ProviderStatus, 'Unknown'>, string>> = {
  Pending:
    'pending queued queue inqueue onqueue inthequeue waiting wait awaiting awaitingstart waitingtostart new created ' +
    'received accepted submitted placed scheduled notstarted',
  Processing: 'processing process inprocess inprocessing preparing starting initializing initialized sent sending',
  'In progress':
    'inprogress progress active running started delivering indelivery inwork working ongoing executing ' +
    // A cancel or refund was requested, but the order has not ended.
    'canceling cancelling cancelrequested cancelpending pendingcancel pendingcancellation awaitingcancellation refunding refundpending pendingrefund',
  Paused: 'paused pause onhold hold suspended',
  Completed:
    'completed complete done success successful successfully succeeded succes finished finish fulfilled delivered ' +
    'fullydelivered fullycompleted completedsuccessfully successfullycompleted',
  Partial:
    'partial partially partiallycompleted partiallycomplete partialcompleted partialcomplete partialcompletion ' +
    'completedpartially completedpartial partiallydelivered partialdelivered partialdelivery partiallyfulfilled ' +
    'partialsuccess partiallysuccessful partiallydone partialdone partiallyfinished partialrefund partialrefunded ' +
    'partiallyrefunded refundedpartially partiallycanceled partiallycancelled partialcanceled partialcancelled ' +
    'partialcancel canceledpartially cancelledpartially ' +
    // An expired subscription delivers no more posts.
    'expired',
  Canceled:
    'canceled cancelled cancel cancelation cancellation autocanceled autocancelled canceledrefunded cancelledrefunded ' +
    'canceledandrefunded cancelledandrefunded refundedandcanceled refundedandcancelled ' +
    ['user', 'client', 'customer', 'buyer', 'admin', 'system', 'provider', 'seller', 'support']
      .flatMap((who) => ['canceled', 'cancelled'].flatMap((word) => [`${word}by${who}`, `${who}${word}`]))
      .join(' ') +
    ' refunded refund fullrefund fullyrefunded fullrefunded refundedfull ' +
    'fail failed failure unsuccessful rejected reject declined denied refused voided aborted',
  // Ambiguous: some panels give the order up and refund it; at others their own send failed and staff send it again.
  Error:
    'error errors errored hasanerror haserror witherror ordererror apierror systemerror internalerror unknownerror ' +
    'providererror sendingerror senderror notenoughfunds notenoughbalance notenoughmoney notenoughfundsonbalance ' +
    'insufficientfunds insufficientbalance lowbalance',
};

const keysOf = (words: string): string[] => words.split(' ');
const WORDS: ReadonlyMap<string, ProviderStatus> = new Map(
  Object.entries(SYNONYMS).flatMap(([status, words]) =>
    keysOf(words).map((word) => [word, status as ProviderStatus] as const),
  ),
);

/** Words with which an API says that a call succeeded or failed, as their keys. Some are words for the end of an order too. */
const CALL_SUCCEEDED = new Set(keysOf('ok okay true success successful successfully succeeded succes 1 200'));
const CALL_FAILED = new Set(keysOf('false fail failed failure unsuccessful denied refused invalid'));

/** Words that providers use only for refills. */
const REFILL_WORDS: ReadonlyMap<string, RefillStatus> = new Map([
  ...keysOf('refilling refillinprogress refillpending inrefill').map((word) => [word, 'In progress'] as const),
  ...keysOf('refilled refillcompleted refillcomplete').map((word) => [word, 'Completed'] as const),
  ...keysOf(
    'refillrejected refillcanceled refillcancelled refillfailed noteligible notapplicable nodrop notdropped',
  ).map((word) => [word, 'Rejected'] as const),
]);

/**
 * What an order's status means for a refill. It never moves a customer's money. A failed or partial refill counts as Rejected,
 * and the service's `refillFallback` says what follows.
 */
const OF_REFILLS: Readonly<Record<ProviderStatus, RefillStatus | undefined>> = {
  Pending: 'Pending',
  Processing: 'In progress',
  'In progress': 'In progress',
  Paused: 'In progress',
  Completed: 'Completed',
  Partial: 'Rejected',
  Canceled: 'Rejected',
  Error: 'Rejected',
  Unknown: undefined,
};

/**
 * The key of a provider's word: without case, width, spaces, dashes and most punctuation. A question mark stays, so that
 * "Completed?" is not read as Completed.
 */
export const wordKey = (word: string): string =>
  word
    .normalize('NFKC')
    .toLowerCase()
    // The dot that lower-casing a Turkish capital İ leaves behind, and the variation selector of emojis.
    .replaceAll(/\u0307|\ufe0f/g, '')
    .replaceAll(/[\s_\p{Pd}\p{Cf}\p{Cc}\p{So}.,;:!*'"’“”·•…/\\|()[\]{}<>]/gu, '');

/** Whether a status says that a call succeeded. */
export const saysSuccess = (status: unknown): boolean =>
  status === true || CALL_SUCCEEDED.has(wordKey((statusText(status) ?? '').slice(0, LIMITS.statusWord)));

/** Whether a status word may be about the call instead of the order. An error and a number may be. */
export function isCallWord(word: string): boolean {
  const key = wordKey(word.slice(0, LIMITS.statusWord));
  return CALL_SUCCEEDED.has(key) || CALL_FAILED.has(key) || WORDS.get(key) === 'Error' || /^\d+$/.test(key);
}

/** The words that staff have taught, by their keys. */
export type TaughtWords = ReadonlyMap<string, ProviderStatus>;

const NONE: TaughtWords = new Map();

export const taughtWords = (statusWords: Readonly<Record<string, ProviderStatus>>): TaughtWords =>
  new Map(Object.entries(statusWords).map(([word, status]) => [wordKey(word), status]));

/** The status that a provider's word means for an order. Taught words come before the built-in table. */
export function providerStatus(word: string, taught: TaughtWords = NONE): ProviderStatus {
  if (word.length > LIMITS.statusWord) return 'Unknown';
  const key = wordKey(word);
  return taught.get(key) ?? WORDS.get(key) ?? 'Unknown';
}

/** The status that a provider's word means for a refill; undefined when the word is not known. */
export function refillWordStatus(word: string, taught: TaughtWords = NONE): RefillStatus | undefined {
  const key = wordKey(word.slice(0, LIMITS.statusWord));
  return (taught.has(key) ? undefined : REFILL_WORDS.get(key)) ?? OF_REFILLS[providerStatus(word, taught)];
}

/** A status field as text. Some panels send numbers, which staff can teach like words. */
export const statusText = (status: unknown): string | undefined =>
  typeof status === 'string' ? status : Number.isSafeInteger(status) ? String(status) : undefined;

/** An unknown word as it is stored and shown: shortened, and without invisible characters. */
export const shownWord = (word: string): string =>
  storable(
    word
      .slice(0, LIMITS.statusWord)
      .replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, ' ')
      .trim(),
    LIMITS.shownWord,
  );

/** Whether a status ends an order. Only these statuses can move money. */
export const isTerminal = (status: ProviderStatus): status is 'Completed' | 'Partial' | 'Canceled' =>
  status === 'Completed' || status === 'Partial' || status === 'Canceled';
