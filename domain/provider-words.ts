/**
 * What providers say of an order, in one vocabulary. Sources write the words in any case and spelling ("In progress",
 * "inprogress", "Cancelled"); a word that is not known means nothing has ended.
 */
export const PROVIDER_STATUSES = [
  'Pending',
  'Processing',
  'In progress',
  'Paused',
  'Completed',
  'Partial',
  'Canceled',
  'Unknown',
] as const;
export type ProviderStatus = (typeof PROVIDER_STATUSES)[number];

const WORDS: Readonly<Record<string, ProviderStatus>> = {
  pending: 'Pending',
  queued: 'Pending',
  awaiting: 'Pending',
  processing: 'Processing',
  inprogress: 'In progress',
  active: 'In progress',
  running: 'In progress',
  paused: 'Paused',
  onhold: 'Paused',
  completed: 'Completed',
  complete: 'Completed',
  done: 'Completed',
  partial: 'Partial',
  partiallycompleted: 'Partial',
  // A subscription whose time is over: what was not delivered by then is not delivered any more.
  expired: 'Partial',
  canceled: 'Canceled',
  cancelled: 'Canceled',
  refunded: 'Canceled',
  fail: 'Canceled',
  failed: 'Canceled',
};

/** A provider's word without what differs from one to the next: case, spaces, dashes. */
export const wordKey = (word: string): string => word.toLowerCase().replaceAll(/[\s_-]/g, '');

export function providerStatus(word: string): ProviderStatus {
  const known = wordKey(word);
  // A provider may say any word, `constructor` too, which every object has.
  return (Object.hasOwn(WORDS, known) ? WORDS[known] : undefined) ?? 'Unknown';
}

/** Only these words of a provider can move money. */
export const isTerminal = (status: ProviderStatus): status is 'Completed' | 'Partial' | 'Canceled' =>
  status === 'Completed' || status === 'Partial' || status === 'Canceled';
