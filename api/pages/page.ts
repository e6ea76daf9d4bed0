import type { Child } from 'hono/jsx';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Scope } from '../../db/account/accounts.ts';
import type { SessionRow } from '../../db/account/sessions.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import type { AssetName } from './assets.ts';
import { keepNotice, type Notice } from './session/cookie.ts';
import type { V1 } from './v1.ts';

/** One request for a page by a signed-in person. */
export interface Visit {
  readonly c: ApiContext;
  readonly deps: Deps;
  readonly v1: V1;
  readonly session: SessionRow;
  /** The hidden field that every form of the page needs. */
  readonly formToken: string;
}

/** What a page shows inside the layout. */
export interface View {
  readonly title: string;
  readonly body: Child;
  readonly status?: ContentfulStatusCode;
  /** Keys of the page beside those of every page, with what they do. */
  readonly keys?: readonly (readonly [string, string])[];
  /** Scripts and styles beside those of every page. */
  readonly assets?: readonly AssetName[];
}

export interface Page {
  /** The path below the desk, like `/orders/:id`. */
  readonly path: string;
  /** Without this scope the page is refused: it has nothing but what the scope is for. */
  readonly scope?: Scope;
  /** A Response is sent as it is: a redirect, a stream, a part of a page. */
  readonly get: (visit: Visit) => Promise<View | Response>;
  /** For the page's forms, whose token was checked. */
  readonly post?: (visit: Visit, form: FormData) => Promise<View | Response>;
}

/** Whether the key of the session has the scope. What it may not do, its pages do not offer. */
export const may = ({ session }: Pick<Visit, 'session'>, scope: Scope): boolean => session.scopes.includes(scope);

/** Goes to another page after a form, which can then be reloaded; `notice` is shown there once. */
export function redirect({ c, deps }: Visit, to: string, notice?: string, kind: Notice['kind'] = 'done'): Response {
  if (notice !== undefined) keepNotice(c, { kind, text: notice }, deps.config);
  return c.redirect(to, 303);
}

/** The address of the page with its filters, to which its forms lead back. */
export function hereOf({ c }: Pick<Visit, 'c'>): string {
  const { pathname, search } = new URL(c.req.url);
  return pathname + search;
}

/** The address of this installation. Behind proxies of ours it is https, whatever reaches this process. */
export function siteOf({ c, deps }: Visit): string {
  const { protocol, host } = new URL(c.req.url);
  const isBehindProxy = (deps.config.TRUSTED_PROXIES ?? 0) > 0;
  return `${isBehindProxy ? 'https:' : protocol}//${host}`;
}

/** A text field of a form without spaces at its ends; empty when it is missing. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

/** A parameter of the page's address; undefined when it is missing or empty. */
export const queryOf = ({ c }: Visit, name: string): string | undefined => c.req.query(name)?.trim() || undefined;
