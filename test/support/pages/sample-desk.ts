import { Client, Connection } from '@temporalio/client';
import { Hono } from 'hono';
import { pino } from 'pino';
import { createApp } from '../../../api/app.ts';
import type { ApiContext, ApiEnv } from '../../../api/http/context.ts';
import type { Page, View, Visit } from '../../../api/pages/page.ts';
import { v1For } from '../../../api/pages/v1.ts';
import { documentOf } from '../../../api/pages/view/document.ts';
import { openPools } from '../../../api/pools.ts';
import { V1_ROUTES } from '../../../api/v1/index.ts';
import { SCOPES } from '../../../db/account/accounts.ts';
import type { Desk } from '../../../db/account/sessions.ts';
import type { ApiDocument } from './sample-answers.ts';

/** Enough to build the app. REST v1 answers with samples, so no engine is asked. */
const deps = {
  ...openPools('postgres://127.0.0.1:1/none'),
  temporal: new Client({ connection: Connection.lazy() }),
  config: { CURRENCY: 'USD', HOLDFAST_MASTER_KEY: Buffer.alloc(32), ALLOW_LOOPBACK_URLS: false },
  log: pino({ level: 'silent' }),
};

const NOW = new Date();
const SESSION = {
  ...{ id: 1, keyId: 1, limitedAs: 1, keyName: 'key', accountId: 1, accountName: 'account', scopes: SCOPES },
  ...{ agent: '', createdAt: NOW, lastSeenAt: NOW, expiresAt: NOW },
};

/** The route of v1 that a request goes to; one without parameters before one with them. */
const ROUTES = [...V1_ROUTES.keys()]
  .sort((a, b) => a.split(':').length - b.split(':').length)
  .map((name) => ({ name, matches: new RegExp(`^${name.replaceAll(/:\w+/g, '[^/]+')}$`) }));

const routeOf = (request: Request): string | undefined => {
  const asked = `${request.method} ${new URL(request.url).pathname}`;
  return ROUTES.find(({ matches }) => matches.test(asked))?.name;
};

/** The OpenAPI document of REST v1. */
export const readDocument = async (): Promise<ApiDocument> =>
  (await (await createApp(deps).request('/openapi.json')).json()) as ApiDocument;

/** What REST v1 answers to a page: a response, or what an answer with status 200 has; undefined for 204. */
type Answers = (route: string | undefined, request: Request) => unknown;

async function responseOf(answers: Answers, request: Request): Promise<Response> {
  const answer = await answers(routeOf(request), request);
  if (answer instanceof Response) return answer;
  return answer === undefined ? new Response(null, { status: 204 }) : Response.json(answer);
}

/** The pages of a desk for one signed-in person, without engines. */
export function sampleDesk(desk: Desk, pages: readonly Page[], answers: Answers): Hono<ApiEnv> {
  const v1 = { fetch: (request: Request): Promise<Response> => responseOf(answers, request) };
  const visitOf = (c: ApiContext): Visit => ({
    ...{ c, deps: { ...deps }, v1: v1For(v1, c, SESSION.keyId), session: { ...SESSION, desk }, formToken: 'token' },
  });
  const show = (c: ApiContext, made: View | Response) =>
    made instanceof Response ? made : c.html(documentOf(made.body), made.status ?? 200);
  const shown = new Hono<ApiEnv>().basePath(`/${desk}`);
  for (const { path, get, post } of pages) {
    shown.get(path, async (c) => show(c, await get(visitOf(c))));
    if (post !== undefined) shown.post(path, async (c) => show(c, await post(visitOf(c), await c.req.formData())));
  }
  return shown.onError((error) => {
    throw error;
  });
}
