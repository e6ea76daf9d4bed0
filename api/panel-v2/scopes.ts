import type { Scope } from '../../db/account/accounts.ts';

/** The scope that each action of panel API v2 needs. */
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
