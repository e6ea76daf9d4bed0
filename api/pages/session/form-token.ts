import { createHmac, timingSafeEqual } from 'node:crypto';
import { csrf } from 'hono/csrf';
import { Refusal } from '../../../domain/errors.ts';
import type { ApiContext } from '../../http/context.ts';

/** The hidden field of every form. */
export const FORM_TOKEN = 'form_token';

/** The token of a session's forms. It follows from the session's own token, which no page shows. */
export const formToken = (sessionToken: string): string =>
  createHmac('sha256', sessionToken).update('form').digest('base64url');

/** @throws Refusal `forbidden` for a form that did not come from a page of this session. */
export function checkFormToken(sessionToken: string, given: unknown): void {
  const [expected, sent] = [Buffer.from(formToken(sessionToken)), Buffer.from(typeof given === 'string' ? given : '')];
  if (expected.length !== sent.length || !timingSafeEqual(expected, sent)) {
    throw new Refusal('forbidden', 'the form is not from this session: open the page again and send it from there');
  }
}

/** The host counts, not the scheme: behind a proxy the browser uses https, and this server plain http. */
function isOwnOrigin(origin: string, c: ApiContext): boolean {
  return URL.canParse(origin) && new URL(origin).host === c.req.header('host');
}

/** Refuses forms that another site sends, by Sec-Fetch-Site or Origin. */
export const ownSiteOnly = csrf({ origin: (origin, c) => isOwnOrigin(origin, c) });
