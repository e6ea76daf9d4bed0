import { Hono } from 'hono';
import type { FC } from 'hono/jsx';
import { type Caller, findCaller } from '../../../db/account/accounts.ts';
import { type Desk, endSessionOf, openSession, takeSignInLink } from '../../../db/account/sessions.ts';
import { withTimeout } from '../../../db/client.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { Deps } from '../../deps.ts';
import { limitBody } from '../../http/body-limit.ts';
import type { ApiContext, ApiEnv } from '../../http/context.ts';
import { QUERY_MS } from '../../http/timeouts.ts';
import type { RateLimits } from '../../limits/rate-limits.ts';
import { textOf } from '../page.ts';
import { documentOf } from '../view/document.ts';
import { Bare } from '../view/layout.tsx';
import { Field, inputOf, Notice } from '../view/parts.tsx';
import { forgetSession, keepSession, sessionToken } from './cookie.ts';
import { checkFormToken, FORM_TOKEN } from './form-token.ts';
import { readForm } from './read-form.ts';

/** The sign-in page, which leads on to `next`; with `isLost` it says that a form was not carried out. */
export const signInPath = (desk: Desk, next: string, isLost: boolean): string =>
  `/${desk}/sign-in?${new URLSearchParams({ next, ...(isLost ? { lost: 'form' } : {}) })}`;

/** The page after the sign-in: only one of this desk's own, never another site's. */
function nextOf(desk: Desk, asked: string | undefined): string {
  const root = `/${desk}`;
  const base = 'http://pages.invalid';
  const url = new URL(asked !== undefined && URL.canParse(asked, base) ? asked : root, base);
  const isOwn = url.origin === base && (url.pathname === root || url.pathname.startsWith(`${root}/`));
  return isOwn && !url.pathname.startsWith(`${root}/sign-`) ? url.pathname + url.search : root;
}

const SignIn: FC<{ desk: Desk; next: string; error?: string | undefined; notice?: string | undefined }> = (props) => {
  const { desk, next, error, notice } = props;
  const field = {
    name: 'key',
    label: desk === 'ops' ? 'Staff key' : 'API key',
    hint:
      desk === 'ops'
        ? 'A key with the scope admin. It stays on the server.'
        : 'It begins with hf_ and stays on the server.',
    error,
  };
  return (
    <Bare title="Sign in">
      <h1>{desk === 'ops' ? 'Sign in as staff' : 'Sign in'}</h1>
      {notice === undefined ? '' : <Notice kind="error">{notice}</Notice>}
      <form method="post" action={`/${desk}/sign-in`} class="stack">
        <input type="hidden" name="next" value={next} />
        <Field {...field}>
          <input {...inputOf(field)} type="password" autocomplete="current-password" required />
        </Field>
        <button type="submit">Sign in</button>
      </form>
    </Bare>
  );
};

const SignedIn: FC<{ next: string }> = ({ next }) => (
  <Bare title="Signed in" goTo={next}>
    <h1>Signed in</h1>
    <p>
      <a href={next}>Go on</a>
    </p>
  </Bare>
);

/** Why a key opens no session at this desk; undefined when it does. */
function whyNot(desk: Desk, caller: Caller | undefined): string | undefined {
  if (caller === undefined) return 'The key is wrong, expired or revoked.';
  const isOfStaff = caller.scopes.includes('admin');
  if (desk === 'ops' && !isOfStaff) return 'This key lacks the scope admin. Customers sign in at /app.';
  if (desk === 'app' && !caller.scopes.includes('orders:read')) {
    return isOfStaff ? 'This is a key of staff, who sign in at /ops.' : 'This key lacks the scope orders:read.';
  }
  return undefined;
}

/** Signing in, by key or by a link that works once, and signing out. Guesses count for their address. */
export function signInRoutes(desk: Desk, deps: Deps, limits: RateLimits): Hono<ApiEnv> {
  const { sql, authSql, config, log } = deps;
  const tooLarge = limitBody((c, refusal) => {
    limits.stranger(c);
    throw refusal;
  }, LIMITS.signInBody);

  /** Opens a session in place of the one that the browser had. */
  async function begin(c: ApiContext, keyId: number): Promise<void> {
    const agent = (c.req.header('user-agent') ?? '').replaceAll(/\p{Cc}/gu, '');
    const before = sessionToken(c, desk, config);
    keepSession(c, desk, await withTimeout(QUERY_MS, openSession(sql, { keyId, desk, agent })), config);
    if (before !== undefined) await withTimeout(QUERY_MS, endSessionOf(sql, before, desk));
    log.info({ desk, keyId }, 'session opened');
  }

  async function byLink(c: ApiContext, token: string): Promise<Response> {
    const keyId = await withTimeout(QUERY_MS, takeSignInLink(sql, token, desk));
    if (keyId === undefined) {
      const notice = 'This link was used already, or is too old. Sign in with a key.';
      return c.html(documentOf(<SignIn desk={desk} next={`/${desk}`} notice={notice} />), 410);
    }
    await begin(c, keyId);
    // A redirect would not do: the browser sends no strict cookie while it follows a link from elsewhere.
    return c.html(documentOf(<SignedIn next={`/${desk}`} />));
  }

  return new Hono<ApiEnv>()
    .get('/sign-in', async (c) => {
      limits.stranger(c);
      const link = c.req.query('link');
      // HEAD must not use the link up.
      if (link !== undefined && c.req.method === 'GET') return byLink(c, link);
      const notice = c.req.query('lost') === 'form' ? 'Your session has ended. Nothing was sent.' : undefined;
      return c.html(documentOf(<SignIn desk={desk} next={nextOf(desk, c.req.query('next'))} notice={notice} />));
    })
    .post('/sign-in', tooLarge, async (c) => {
      limits.stranger(c);
      const form = await readForm(c);
      const next = nextOf(desk, textOf(form, 'next'));
      const caller = await withTimeout(QUERY_MS, findCaller(authSql, textOf(form, 'key')));
      const error = whyNot(desk, caller);
      if (error !== undefined || caller === undefined) {
        return c.html(documentOf(<SignIn desk={desk} next={next} error={error} />), 401);
      }
      await begin(c, caller.keyId);
      return c.redirect(next, 303);
    })
    .post('/sign-out', tooLarge, async (c) => {
      const token = sessionToken(c, desk, config);
      if (token !== undefined) {
        checkFormToken(token, (await readForm(c)).get(FORM_TOKEN));
        await withTimeout(QUERY_MS, endSessionOf(sql, token, desk));
      }
      forgetSession(c, desk, config);
      return c.redirect(`/${desk}/sign-in`, 303);
    });
}
