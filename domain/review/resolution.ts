import type { Attention } from '../order/status.ts';
import { isIdText } from '../text/loose-json.ts';

/**
 * A person's decision about an order that waits for a person. `batch`: the uncertain batch that it is about; optional while there
 * is only one. `attempt`: the attempt that the person saw; the decision is refused when the batch is at another attempt.
 */
export type Resolution =
  | { readonly action: 'extend'; readonly hours: number }
  | { readonly action: 'complete' }
  | { readonly action: 'partial'; readonly delivered: number }
  | { readonly action: 'cancel'; readonly batch?: number; readonly attempt?: number }
  | { readonly action: 'redispatch' }
  | { readonly action: 'attach'; readonly providerOrder: string; readonly batch?: number }
  | { readonly action: 'notPlaced'; readonly batch?: number; readonly attempt?: number };

export const RESOLUTIONS = ['extend', 'complete', 'partial', 'cancel', 'redispatch', 'attach', 'notPlaced'] as const;

/** The decisions that each attention allows. Any other decision is refused. */
const ALLOWED: Readonly<Record<Attention, readonly Resolution['action'][]>> = {
  none: [],
  stalled: ['extend', 'partial', 'complete', 'cancel', 'redispatch'],
  paused: ['extend', 'partial', 'complete', 'cancel', 'redispatch'],
  review: ['extend', 'partial', 'complete', 'cancel', 'redispatch'],
  conflict: ['complete', 'partial', 'extend'],
  uncertain: ['attach', 'notPlaced', 'cancel'],
};

export const allowedResolutions = (attention: Attention): readonly Resolution['action'][] => ALLOWED[attention];

/** Most hours of an `extend`: a year. */
export const MOST_EXTENSION_HOURS = 8760;

/** The length of an `extend`, in whole milliseconds. */
export const extension = ({ hours }: { readonly hours: number }): number => Math.round(hours * 3_600_000);

const isNumber = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

/** Reads a person's decision. Returns a sentence when it is invalid. */
export function readResolution(message: unknown, totalQuantity: number): Resolution | string {
  const { action, hours, delivered, providerOrder, batch, attempt } = (message ?? {}) as Record<string, unknown>;
  if (batch !== undefined && !isNumber(batch)) return 'batch must be the number of a batch';
  if (attempt !== undefined && !isNumber(attempt)) return 'attempt must be the number of an attempt';
  const which = batch === undefined ? {} : { batch };
  switch (action) {
    case 'extend':
      return typeof hours === 'number' && hours > 0 && hours <= MOST_EXTENSION_HOURS
        ? { action, hours }
        : `extend needs hours, a number above 0 and up to ${MOST_EXTENSION_HOURS}`;
    case 'partial':
      return typeof delivered === 'number' &&
        Number.isSafeInteger(delivered) &&
        delivered >= 0 &&
        delivered <= totalQuantity
        ? { action, delivered }
        : `partial needs delivered, a whole number from 0 to ${totalQuantity}`;
    case 'attach':
      return typeof providerOrder === 'string' && isIdText(providerOrder)
        ? { action, providerOrder, ...which }
        : 'attach needs providerOrder, the id of the order at the provider, as text';
    case 'cancel':
    case 'notPlaced':
      return { action, ...which, ...(attempt === undefined ? {} : { attempt }) };
    case 'complete':
    case 'redispatch':
      return { action };
    default:
      return `action must be one of ${RESOLUTIONS.join(', ')}`;
  }
}
