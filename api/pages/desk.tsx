import type { OpenAPIHono } from '@hono/zod-openapi';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { type Desk, findSession, type SessionRow } from '../../db/account/sessions.ts';
import { withTimeout } from '../../db/client.ts';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { requireScope } from '../account/auth.ts';
import type { Deps } from '../deps.ts';
import { limitBody } from '../http/body-limit.ts';
import type { ApiContext, ApiEnv } from '../http/context.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import { may, type Page, type View, type Visit } from './page.ts';
import { pageHeaders } from './policy.ts';
import { forgetSession, sessionToken, takeNotice } from './session/cookie.ts';
import { checkFormToken, FORM_TOKEN, formToken, ownSiteOnly } from './session/form-token.ts';
import { readForm } from './session/read-form.ts';
import { signInPath, signInRoutes } from './session/sign-in.tsx';
import { V1Problem, v1For } from './v1.ts';
import { documentOf } from './view/document.ts';
import { FailureText, failureOf } from './view/failure.tsx';
import { Bare, Layout, type Place } from './view/layout.tsx';

export interface DeskOptions {
  readonly desk: Desk;
  readonly places: readonly Place[];
  readonly pages: readonly Page[];
}

/** The pages of one desk below `/app` or `/ops`: who is signed in, the forms' guards, the layout, and what fails. */
export function deskRoutes(
  { desk, places, pages }: DeskOptions,
  app: Pick<OpenAPIHono<ApiEnv>, 'fetch'>,
  deps: Deps,
  limits: RateLimits,
): Hono<ApiEnv> {
  const root = `/${desk}`;
  const tooLarge = limitBody((_, refusal) => {
    throw refusal;
  }, LIMITS.listBody);

  async function visitOf(c: ApiContext): Promise<Visit | undefined> {
    const token = sessionToken(c, desk, deps.config);
    const session = token && (await withTimeout(QUERY_MS, findSession(deps.authSql, token, desk)));
    if (!token || !session) {
      limits.stranger(c);
      return undefined;
    }
    c.set('caller', callerOf(session));
    return { c, deps, session, v1: v1For(app, c, session.keyId), formToken: formToken(token) };
  }

  async function show(visit: Visit, { title, body, status = 200, keys = [], assets = [] }: View): Promise<Response> {
    const { c, session } = visit;
    const around = {
      root,
      places: places.filter(({ path }) => isOpenTo(visit, path)),
      here: c.req.path,
      person: session.accountName,
      formToken: visit.formToken,
      notice: takeNotice(c, deps.config),
      keys,
    };
    return c.html(documentOf(<Layout title={title} assets={assets} around={around} body={body} />), status);
  }

  /** What a signed-in person gets; any other is sent to the sign-in, and back after it. */
  async function answer(c: ApiContext, work: (visit: Visit) => Promise<View | Response>): Promise<Response> {
    const visit = await visitOf(c);
    if (visit === undefined) return toSignIn(c, c.req.method === 'POST');
    try {
      const made = await work(visit);
      return made instanceof Response ? made : await show(visit, made);
    } catch (error) {
      // The key was revoked between two calls of the page.
      if (error instanceof V1Problem && error.code === 'unauthorized') return toSignIn(c);
      const failure = failureOf(error, deps.log, c.get('requestId'));
      const body = <FailureText failure={failure} root={root} />;
      return show(visit, { title: failure.title, body, status: failure.status });
    }
  }

  /** The sign-in that leads back to the page; `isLost` when the page's form was not carried out. */
  function toSignIn(c: ApiContext, isLost = false): Response {
    forgetSession(c, desk, deps.config);
    const to = (url: string): string => {
      const { pathname, search } = new URL(url);
      return signInPath(desk, pathname + search, isLost);
    };
    if (c.req.header('hx-request') === undefined) return c.redirect(to(c.req.url), 303);
    // htmx would follow a redirect and take the sign-in for the part that it asked for. It leads the whole page there instead.
    const page = c.req.header('hx-current-url') ?? '';
    return c.body(null, 401, { 'HX-Redirect': to(URL.canParse(page) ? page : c.req.url) });
  }

  /** Whether the key of the session has the scope of the page with this path. */
  function isOpenTo(visit: Visit, path: string): boolean {
    const scope = pages.find((page) => page.path === path)?.scope;
    return scope === undefined || may(visit, scope);
  }

  async function formOf({ c }: Visit): Promise<FormData> {
    const form = await readForm(c);
    checkFormToken(sessionToken(c, desk, deps.config) ?? '', form.get(FORM_TOKEN));
    return form;
  }

  async function make({ scope, get, post }: Page, visit: Visit): Promise<View | Response> {
    if (scope !== undefined) requireScope(visit.session, scope);
    return visit.c.req.method === 'POST' && post !== undefined ? post(visit, await formOf(visit)) : get(visit);
  }

  const routes = new Hono<ApiEnv>();
  routes.use(pageHeaders, compress(), ownSiteOnly);
  // Strangers may send these forms, so their bodies have a limit of their own.
  routes.route('/', signInRoutes(desk, deps, limits));
  routes.use(tooLarge);
  for (const page of pages) {
    const answerPage = (c: ApiContext) => answer(c, (visit) => make(page, visit));
    routes.get(page.path, answerPage);
    if (page.post !== undefined) routes.post(page.path, answerPage);
  }
  routes.all('*', (c) => answer(c, () => Promise.reject(new Refusal('not_found'))));
  routes.onError((error, c) => {
    const failure = failureOf(error, deps.log, c.get('requestId'));
    const body = (
      <Bare title={failure.title}>
        <FailureText failure={failure} root={root} />
      </Bare>
    );
    return c.html(documentOf(body), failure.status);
  });
  return routes;
}

const callerOf = ({ accountId, keyId, limitedAs, keyName, scopes }: SessionRow) => ({
  accountId,
  keyId,
  limitedAs,
  keyName,
  scopes,
});
