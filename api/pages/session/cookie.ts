import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Desk } from '../../../db/account/sessions.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { ApiContext } from '../../http/context.ts';

/** Customers and staff have cookies of their own, so that one browser can hold both sessions. */
const NAMES = { app: 'holdfast-app', ops: 'holdfast-ops' } as const satisfies Record<Desk, string>;

const NOTICE = 'holdfast-notice';
const NOTICE_SECONDS = 60;
const NOTICE_CHARACTERS = 600;

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/;

/** Plain HTTP on loopback is a local stack. Behind a proxy of ours, or under any other name, browsers must use TLS. */
const isSecure = (c: ApiContext, trustedProxies: number): boolean =>
  trustedProxies > 0 || !LOOPBACK.test(c.req.header('host') ?? '');

const attributes = (c: ApiContext, trustedProxies: number) =>
  ({ httpOnly: true, sameSite: 'Strict', secure: isSecure(c, trustedProxies), path: '/' }) as const;

export const sessionToken = (c: ApiContext, desk: Desk): string | undefined => getCookie(c, NAMES[desk]);

export function keepSession(c: ApiContext, desk: Desk, token: string, trustedProxies: number): void {
  setCookie(c, NAMES[desk], token, { ...attributes(c, trustedProxies), maxAge: LIMITS.sessionHours * 3_600 });
}

export const forgetSession = (c: ApiContext, desk: Desk): void => {
  deleteCookie(c, NAMES[desk], { path: '/' });
};

/** A sentence for the page after a redirect: what the form before it did, or why it did nothing. */
export interface Notice {
  readonly kind: 'done' | 'error';
  readonly text: string;
}

export function keepNotice(c: ApiContext, { kind, text }: Notice): void {
  const short = [...text].slice(0, NOTICE_CHARACTERS).join('');
  setCookie(c, NOTICE, `${kind} ${short}`, { httpOnly: true, sameSite: 'Strict', path: '/', maxAge: NOTICE_SECONDS });
}

/** The notice, which is shown once. */
export function takeNotice(c: ApiContext): Notice | undefined {
  const kept = getCookie(c, NOTICE);
  if (kept === undefined) return undefined;
  deleteCookie(c, NOTICE, { path: '/' });
  const [kind = '', ...words] = kept.split(' ');
  return { kind: kind === 'error' ? 'error' : 'done', text: words.join(' ') };
}
