import type { Resolution } from '../../client/index.ts';
import { RESOLUTIONS } from '../../domain/review/resolution.ts';
import { UsageError } from '../command/failure.ts';

/** The options of `review resolve`. */
export interface ResolveOptions {
  readonly hours?: number;
  readonly delivered?: number;
  readonly providerOrder?: string;
  readonly batch?: number;
  readonly reason?: string;
}

type Action = (typeof RESOLUTIONS)[number];

/** The options that belong to each action beside the reason. */
const FLAGS: Readonly<Record<Action, readonly (keyof ResolveOptions)[]>> = {
  extend: ['hours'],
  complete: [],
  partial: ['delivered'],
  cancel: ['batch'],
  redispatch: [],
  attach: ['providerOrder', 'batch'],
  notPlaced: ['batch'],
};

const flagOf = (name: string): string => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The body of POST /v1/admin/orders/{id}/resolve. @throws UsageError for an option that is missing, or of another action. */
export function resolutionBody(text: string, options: ResolveOptions): Resolution {
  const action = RESOLUTIONS.find((one) => one === text);
  if (action === undefined) throw new UsageError(`the action is one of ${RESOLUTIONS.join(', ')}`);
  const { hours, delivered, providerOrder, batch, reason } = options;
  const given = Object.entries({ hours, delivered, providerOrder, batch }).filter(([, value]) => value !== undefined);
  for (const [name] of given) {
    if (!(FLAGS[action] as readonly string[]).includes(name))
      throw new UsageError(`${action} takes no ${flagOf(name)}`);
  }
  const because = reason === undefined ? {} : { reason };
  const which = batch === undefined ? {} : { batch };
  switch (action) {
    case 'extend':
      return { action, hours: needed(action, 'hours', hours), ...because };
    case 'partial':
      return { action, delivered: needed(action, 'delivered', delivered), ...because };
    case 'attach':
      return { action, providerOrder: needed(action, 'providerOrder', providerOrder), ...which, ...because };
    case 'cancel':
    case 'notPlaced':
      return { action, ...which, ...because };
    case 'complete':
    case 'redispatch':
      return { action, ...because };
  }
}

function needed<T>(action: Action, name: keyof ResolveOptions, value: T | undefined): T {
  if (value === undefined) throw new UsageError(`${action} needs ${flagOf(name)}`);
  return value;
}
