import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Desk } from '../../../db/account/sessions.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { Deps } from '../../deps.ts';
import type { ApiContext } from '../../http/context.ts';
import { DEFAULT_RATES } from '../../limits/rate-limits.ts';

/** Customers and staff have cookies of their own, so that one browser can hold both sessions. */
const NAMES = { app: 'holdfast-app', ops: 'holdfast-ops' } as const satisfies Record<Desk, string>;

const NOTICE = 'holdfast-notice';
const NOTICE_SECONDS = 60;
const NOTICE_CHARACTERS = 600;

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/;

type Proxies = Pick<Deps['config'], 'TRUSTED_PROXIES'>;

/** Plain HTTP on loopback is a local stack. Behind a proxy of ours, or under any other name, browsers must use TLS. */
const isSecure = (c: ApiContext, { TRUSTED_PROXIES = DEFAULT_RATES.TRUSTED_PROXIES }: Proxies): boolean =>
  TRUSTED_PROXIES > 0 || !LOOPBACK.test(c.req.header('host') ?? '');

/** Where TLS is needed, the name begins with `__Host-`: no other host below our domain can set such a cookie. */
const attributes = (c: ApiContext, proxies: Proxies) =>
  ({
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    ...(isSecure(c, proxies) ? ({ secure: true, prefix: 'host' } as const) : {}),
  }) as const;

const read = (c: ApiContext, name: string, proxies: Proxies): string | undefined =>
  isSecure(c, proxies) ? getCookie(c, name, 'host') : getCookie(c, name);

export const sessionToken = (c: ApiContext, desk: Desk, proxies: Proxies): string | undefined =>
  read(c, NAMES[desk], proxies);

export function keepSession(c: ApiContext, desk: Desk, token: string, proxies: Proxies): void {
  setCookie(c, NAMES[desk], token, { ...attributes(c, proxies), maxAge: LIMITS.sessionHours * 3_600 });
}

export const forgetSession = (c: ApiContext, desk: Desk, proxies: Proxies): void => {
  deleteCookie(c, NAMES[desk], attributes(c, proxies));
};

/** A sentence for the page after a redirect: what the form before it did, or why it did nothing. */
export interface Notice {
  readonly kind: 'done' | 'error';
  readonly text: string;
}

export function keepNotice(c: ApiContext, { kind, text }: Notice, proxies: Proxies): void {
  const short = [...text].slice(0, NOTICE_CHARACTERS).join('');
  setCookie(c, NOTICE, `${kind} ${short}`, { ...attributes(c, proxies), maxAge: NOTICE_SECONDS });
}

/** The notice, which is shown once. */
export function takeNotice(c: ApiContext, proxies: Proxies): Notice | undefined {
  const kept = read(c, NOTICE, proxies);
  if (kept === undefined) return undefined;
  deleteCookie(c, NOTICE, attributes(c, proxies));
  const [kind = '', ...words] = kept.split(' ');
  return { kind: kind === 'error' ? 'error' : 'done', text: words.join(' ') };
}
