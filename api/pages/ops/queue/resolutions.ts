import type { Resolution as ResolutionBody } from '../../../../client/openapi.ts';
import type { Attention } from '../../../../domain/order/status.ts';
import { RESOLUTIONS, type Resolution } from '../../../../domain/review/resolution.ts';
import { readId } from '../../../v1/ids.ts';
import { textOf } from '../../page.ts';
import { numberOf, oneOf } from '../../queries.ts';

export type ResolutionAction = Resolution['action'];

/** The name of each decision. */
export const RESOLUTION_NAMES: Readonly<Record<ResolutionAction, string>> = {
  extend: 'Let it go on',
  complete: 'Settle as Completed',
  partial: 'Settle as Partial',
  cancel: 'Cancel',
  redispatch: 'Send the rest on the next route',
  attach: 'It was placed',
  notPlaced: 'It was not placed',
};

const EFFECTS: Readonly<Record<ResolutionAction, string>> = {
  extend: 'its clocks start again',
  complete: 'nothing is refunded; the provider is asked to stop',
  partial: 'what was not delivered is refunded; the provider is asked to stop',
  cancel: 'the provider is asked to stop; money returns on its word',
  redispatch: 'the provider is asked to stop; what is missing goes to the next route',
  attach: 'the provider’s order is this one, and is watched',
  notPlaced: 'the batch is sent again by its routes',
};

/** The attention whose orders a decision treats in its own way, and how. */
const EFFECTS_APART: Partial<Record<ResolutionAction, { readonly attention: Attention; readonly effect: string }>> = {
  cancel: { attention: 'uncertain', effect: 'the money returns now; if the order turns up later, its cost is ours' },
  extend: { attention: 'conflict', effect: 'the target is counted again' },
};

/** What a decision does. Without an attention it is about orders of any: what it does to each is said. */
export function effectOf(action: ResolutionAction, attention: Attention | undefined): string {
  const apart = EFFECTS_APART[action];
  if (apart === undefined) return EFFECTS[action];
  if (attention === undefined) return `${EFFECTS[action]}. Orders marked ${apart.attention}: ${apart.effect}`;
  return attention === apart.attention ? apart.effect : EFFECTS[action];
}

/** Reads the decision of a form; undefined when none is chosen. What is missing in its fields v1 says. */
export function resolutionOf(form: FormData): ResolutionBody | undefined {
  const action = oneOf(RESOLUTIONS, textOf(form, 'action'));
  const reason = textOf(form, 'reason');
  const batch = readId(textOf(form, 'batch'));
  const which = batch === undefined ? {} : { batch };
  switch (action) {
    case 'extend':
      return { action, reason, hours: numberOf(textOf(form, 'hours')) };
    case 'partial':
      return { action, reason, delivered: numberOf(textOf(form, 'delivered')) };
    case 'attach':
      return { action, reason, ...which, providerOrder: textOf(form, 'providerOrder') };
    case 'cancel':
    case 'notPlaced':
      return { action, reason, ...which };
    case 'complete':
    case 'redispatch':
      return { action, reason };
    default:
      return undefined;
  }
}
