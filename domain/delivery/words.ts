import { LIMITS } from '../limits.ts';
import type { RefillStatus } from '../refill/rules.ts';

/**
 * What providers say of an order, in one vocabulary. Sources write the words in any case and spelling ("In progress",
 * "inprogress", "Cancelled"); a word that is not known means nothing has ended. What each word means, and why, is a table in
 * docs/providers.md.
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

/** What a word can be taught to mean. */
export const TEACHABLE = PROVIDER_STATUSES.filter((status) => status !== 'Unknown');

/** Words that mean the same of an order, as their keys; one that could mean two things is in no list. */
const SYNONYMS: Readonly<Record<Exclude<ProviderStatus, 'Unknown'>, string>> = {
  Pending:
    'pending queued queue inqueue onqueue inthequeue waiting wait awaiting awaitingstart waitingtostart new created ' +
    'received accepted submitted placed scheduled notstarted',
  Processing: 'processing process inprocess inprocessing preparing starting initializing initialized sent sending',
  'In progress':
    'inprogress progress active running started delivering indelivery inwork working ongoing executing ' +
    // Asked to end, and not ended.
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
    // A subscription whose time is over: what was not delivered by then is not delivered any more.
    'expired',
  Canceled:
    'canceled cancelled cancel cancelation cancellation autocanceled autocancelled canceledrefunded cancelledrefunded ' +
    'canceledandrefunded cancelledandrefunded refundedandcanceled refundedandcancelled ' +
    ['user', 'client', 'customer', 'buyer', 'admin', 'system', 'provider', 'seller', 'support']
      .flatMap((who) => ['canceled', 'cancelled'].flatMap((word) => [`${word}by${who}`, `${who}${word}`]))
      .join(' ') +
    ' refunded refund fullrefund fullyrefunded fullrefunded refundedfull ' +
    'fail failed failure unsuccessful rejected reject declined denied refused voided aborted',
  // It went wrong there. Some panels give up at that, and pay back; at others it is their own send that failed, and staff send it again.
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

/** What is said of refills only. */
const REFILL_WORDS: ReadonlyMap<string, RefillStatus> = new Map([
  ...keysOf('refilling refillinprogress refillpending inrefill').map((word) => [word, 'In progress'] as const),
  ...keysOf('refilled refillcompleted refillcomplete').map((word) => [word, 'Completed'] as const),
  ...keysOf(
    'refillrejected refillcanceled refillcancelled refillfailed noteligible notapplicable nodrop notdropped',
  ).map((word) => [word, 'Rejected'] as const),
]);

/**
 * What an order's status is for a refill. Nothing of it moves a customer's money: one that went wrong, or brought back only a part, has not
 * been done, and what follows the service says.
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
 * A provider's word without what differs from one to the next: case, width, spaces, dashes and the marks around it. A question mark stays:
 * "Completed?" is none of our words.
 */
export const wordKey = (word: string): string =>
  word
    .normalize('NFKC')
    .toLowerCase()
    // What the lower case of a Turkish capital İ leaves behind, and what chooses between two pictures of one sign.
    .replaceAll(/\u0307|\ufe0f/g, '')
    .replaceAll(/[\s_\p{Pd}\p{Cf}\p{Cc}\p{So}.,;:!*'"’“”·•…/\\|()[\]{}<>]/gu, '');

/** Words that staff have taught, by their keys. */
export type TaughtWords = ReadonlyMap<string, ProviderStatus>;

const NONE: TaughtWords = new Map();

export const taughtWords = (statusWords: Readonly<Record<string, ProviderStatus>>): TaughtWords =>
  new Map(Object.entries(statusWords).map(([word, status]) => [wordKey(word), status]));

/** What a provider's word of an order means; what staff have taught goes before what is known of all panels. */
export function providerStatus(word: string, taught: TaughtWords = NONE): ProviderStatus {
  if (word.length > LIMITS.statusWord) return 'Unknown';
  const key = wordKey(word);
  return taught.get(key) ?? WORDS.get(key) ?? 'Unknown';
}

/** The same of a refill; undefined: the word is not known. */
export function refillWordStatus(word: string, taught: TaughtWords = NONE): RefillStatus | undefined {
  const key = wordKey(word.slice(0, LIMITS.statusWord));
  return (taught.has(key) ? undefined : REFILL_WORDS.get(key)) ?? OF_REFILLS[providerStatus(word, taught)];
}

/** A status as text; panels that say numbers are understood once staff have taught what they mean. */
export const statusText = (status: unknown): string | undefined =>
  typeof status === 'string' ? status : Number.isSafeInteger(status) ? String(status) : undefined;

/** An unknown word as it is stored and shown: shortened, without invisible characters. */
export const shownWord = (word: string): string =>
  word
    .slice(0, LIMITS.statusWord)
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, ' ')
    .trim()
    .slice(0, LIMITS.shownWord);

/** Only these words of a provider can move money. */
export const isTerminal = (status: ProviderStatus): status is 'Completed' | 'Partial' | 'Canceled' =>
  status === 'Completed' || status === 'Partial' || status === 'Canceled';
