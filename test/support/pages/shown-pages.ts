/** A page to look at. */
export interface ShownPage {
  /** Names its pictures in docs/pages. */
  readonly name: string;
  /** Its address; `:order` and the like stand for the ids in a showroom. */
  readonly path: string;
  /** Whether docs/pages.md has no picture of it: it differs too little from one that has. */
  readonly isUnpictured?: boolean;
}

/** A path whose `:order` and the like are ids. */
export const withIds = (path: string, ids: Readonly<Record<string, number>>): string =>
  path.replaceAll(/:(\w+)/g, (_, name) => String(ids[name]));

/** Every page that a customer sees, in the order of docs/pages.md. */
export const CUSTOMER_VIEWS: readonly ShownPage[] = [
  { name: 'sign-in', path: '/app/sign-in' },
  { name: 'overview', path: '/app' },
  { name: 'orders', path: '/app/orders' },
  { name: 'order', path: '/app/orders/:order' },
  { name: 'order-timeline', path: '/app/orders/:order/timeline', isUnpictured: true },
  { name: 'cancel-many', path: '/app/orders/cancel?ids=:order,:dripFeed,:running', isUnpictured: true },
  { name: 'copy-many', path: '/app/orders/copy?ids=:order,:dripFeed', isUnpictured: true },
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
  { name: 'requests', path: '/app/requests', isUnpictured: true },
  { name: 'sessions', path: '/app/sessions' },
  { name: 'not-found', path: '/app/nothing' },
];

/** Every page that staff see. */
export const STAFF_VIEWS: readonly ShownPage[] = [
  { name: 'ops-sign-in', path: '/ops/sign-in' },
  { name: 'ops-waiting', path: '/ops' },
  { name: 'ops-waiting-filtered', path: '/ops?attention=uncertain&provider=:quick', isUnpictured: true },
  { name: 'ops-decide', path: '/ops/decide/:uncertain' },
  { name: 'ops-decide-stalled', path: '/ops/decide/:stalled', isUnpictured: true },
  { name: 'ops-decide-many', path: '/ops/decide?of=selected&id=:stalled&id=:uncertain&action=cancel' },
  { name: 'ops-decision', path: '/ops/decisions/:decision' },
  { name: 'ops-orders', path: '/ops/orders' },
  { name: 'ops-orders-ended', path: '/ops/orders?status=Completed', isUnpictured: true },
  { name: 'ops-act-on-many', path: '/ops/orders/act?of=selected&id=:running&id=:stalled&action=pause' },
  { name: 'ops-order', path: '/ops/orders/:stalled' },
  { name: 'ops-order-uncertain', path: '/ops/orders/:uncertain?workflow=1', isUnpictured: true },
  { name: 'ops-stuck', path: '/ops/stuck' },
  { name: 'ops-providers', path: '/ops/providers' },
  { name: 'ops-provider', path: '/ops/providers/:quick' },
  { name: 'ops-held', path: '/ops/providers/:slow/held' },
  { name: 'ops-held-release', path: '/ops/providers/:slow/held?decision=release&of=all', isUnpictured: true },
  { name: 'ops-services', path: '/ops/services' },
  { name: 'ops-service', path: '/ops/services/:service' },
  { name: 'ops-new-service', path: '/ops/services/new' },
  { name: 'ops-accounts', path: '/ops/accounts' },
  { name: 'ops-account', path: '/ops/accounts/:account' },
  { name: 'ops-account-statement', path: '/ops/accounts/:account/statement', isUnpictured: true },
  { name: 'ops-account-requests', path: '/ops/accounts/:account/requests', isUnpictured: true },
  { name: 'ops-alerts', path: '/ops/alerts' },
  { name: 'ops-reports', path: '/ops/reports' },
  { name: 'ops-reports-by-service', path: '/ops/reports?by=service', isUnpictured: true },
  { name: 'ops-outcomes', path: '/ops/reports?report=outcomes' },
  { name: 'ops-times', path: '/ops/reports?report=times' },
  { name: 'ops-books', path: '/ops/books' },
  { name: 'ops-audit', path: '/ops/audit' },
  { name: 'ops-sessions', path: '/ops/sessions' },
  { name: 'ops-not-found', path: '/ops/nothing', isUnpictured: true },
];

/** The views that docs/pages.md has pictures of. */
export const PICTURED_VIEWS = [...CUSTOMER_VIEWS, ...STAFF_VIEWS].filter((view) => view.isUnpictured !== true);

/** Widths in pixels, by the name that a picture ends with. */
export const WIDTHS = { desktop: 1440, phone: 390 } as const;
