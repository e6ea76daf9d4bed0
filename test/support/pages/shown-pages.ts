/** A page to look at. */
export interface ShownPage {
  /** Names its pictures in docs/pages. */
  readonly name: string;
  /** Its address; `:order` and the like stand for the ids in a showroom. */
  readonly path: string;
}

/** Every page that a customer sees, in the order of docs/pages.md. */
export const CUSTOMER_VIEWS: readonly ShownPage[] = [
  { name: 'sign-in', path: '/app/sign-in' },
  { name: 'overview', path: '/app' },
  { name: 'orders', path: '/app/orders' },
  { name: 'order', path: '/app/orders/:order' },
  { name: 'drip-feed', path: '/app/orders/:dripFeed' },
  { name: 'find-service', path: '/app/new' },
  { name: 'new-order', path: '/app/new?service=:service' },
  { name: 'mass-order', path: '/app/mass' },
  { name: 'mass-progress', path: '/app/mass/:list' },
  { name: 'refills', path: '/app/refills' },
  { name: 'services', path: '/app/services' },
  { name: 'service', path: '/app/services/:service' },
  { name: 'statement', path: '/app/statement' },
  { name: 'developers', path: '/app/developers' },
  { name: 'webhook', path: '/app/developers/webhooks/:webhook' },
  { name: 'keys', path: '/app/keys' },
  { name: 'sessions', path: '/app/sessions' },
  { name: 'not-found', path: '/app/nothing' },
];

/** Every page that staff see. */
export const STAFF_VIEWS: readonly ShownPage[] = [
  { name: 'ops-sign-in', path: '/ops/sign-in' },
  { name: 'ops-waiting', path: '/ops' },
  { name: 'ops-sessions', path: '/ops/sessions' },
];

/** Widths in pixels, by the name that a picture ends with. */
export const WIDTHS = { desktop: 1440, phone: 390 } as const;
