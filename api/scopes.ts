import type { Scope } from '../db/accounts.ts';

/**
 * The scope each route needs; `signature`: no key, the route itself checks who signed the request. A route that is not here
 * is served to nobody.
 */
export const ROUTE_SCOPES: Readonly<Record<string, Scope | 'signature'>> = {
  'POST /v1/orders': 'orders:write',
  'POST /v1/orders/batch': 'orders:write',
  'GET /v1/orders/batch/:id': 'orders:read',
  'POST /v1/orders/batch/:id/cancel': 'orders:write',
  'GET /v1/orders': 'orders:read',
  'GET /v1/orders/:id': 'orders:read',
  'POST /v1/orders/:id/cancel': 'orders:write',
  'POST /v1/orders/:id/pause': 'orders:write',
  'POST /v1/orders/:id/resume': 'orders:write',
  'POST /v1/orders/:id/refills': 'orders:write',
  'GET /v1/orders/:id/refills': 'orders:read',
  'GET /v1/orders/:id/timeline': 'orders:read',
  'GET /v1/orders/:id/delivery': 'orders:read',
  'GET /v1/orders/:id/events': 'orders:read',
  'POST /v1/callbacks/:provider': 'signature',
  'GET /v1/services': 'orders:read',
  'GET /v1/services/:id/stats': 'orders:read',
  'GET /v1/balance': 'wallet:read',
  'GET /v1/statement': 'wallet:read',
  'POST /v1/webhooks': 'webhooks:manage',
  'GET /v1/webhooks': 'webhooks:manage',
  'GET /v1/webhooks/:id': 'webhooks:manage',
  'PATCH /v1/webhooks/:id': 'webhooks:manage',
  'DELETE /v1/webhooks/:id': 'webhooks:manage',
  'POST /v1/webhooks/:id/confirm': 'webhooks:manage',
  'POST /v1/webhooks/:id/rotate': 'webhooks:manage',
  'POST /v1/webhooks/:id/test': 'webhooks:manage',
  'POST /v1/webhooks/:id/replay': 'webhooks:manage',
  'GET /v1/webhooks/:id/deliveries': 'webhooks:manage',
  'POST /v1/admin/accounts': 'admin',
  'GET /v1/admin/accounts': 'admin',
  'GET /v1/admin/accounts/:id/keys': 'admin',
  'POST /v1/admin/accounts/:id/keys': 'admin',
  'DELETE /v1/admin/keys/:id': 'admin',
  'POST /v1/admin/accounts/:id/deposits': 'admin',
  'POST /v1/admin/providers': 'admin',
  'GET /v1/admin/providers': 'admin',
  'POST /v1/admin/providers/:id/pause': 'admin',
  'POST /v1/admin/providers/:id/resume': 'admin',
  'PATCH /v1/admin/providers/:id': 'admin',
  'GET /v1/admin/providers/:id/catalogue': 'admin',
  'GET /v1/admin/providers/:id/catalogue/changes': 'admin',
  'POST /v1/admin/providers/:id/catalogue/refresh': 'admin',
  'POST /v1/admin/providers/:id/catalogue/import': 'admin',
  'POST /v1/admin/services': 'admin',
  'GET /v1/admin/services': 'admin',
  'PATCH /v1/admin/services/:id': 'admin',
  'GET /v1/admin/reviews': 'admin',
  'POST /v1/admin/orders/:id/resolve': 'admin',
  'GET /v1/admin/orders/:id/workflow': 'admin',
  'GET /v1/admin/alerts': 'admin',
  'GET /v1/admin/reconcile': 'admin',
  'GET /v1/admin/audit': 'admin',
};

/** The same for the actions of panel API v2. */
export const PANEL_SCOPES = {
  services: 'orders:read',
  add: 'orders:write',
  status: 'orders:read',
  cancel: 'orders:write',
  refill: 'orders:write',
  refill_status: 'orders:read',
  balance: 'wallet:read',
} as const satisfies Record<string, Scope>;

export type PanelAction = keyof typeof PANEL_SCOPES;
