import { createHash } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { Hono } from 'hono';
import type { ApiEnv } from '../http/context.ts';
import { limitStrangers, type RateLimits } from '../limits/rate-limits.ts';
import type { RouteTable } from '../v1/define-route.ts';
import { type ApiDocument, documentOf } from './document.ts';
import { docsPage, STYLE } from './page.ts';

/** The page loads nothing, runs no script, and cannot be framed. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** An hour: the document changes only with a release. */
const CACHE = 'public, max-age=3600';

/** `/openapi.json` and `/docs`, each made once from the routes of the app. */
export function documentRoutes(app: OpenAPIHono<ApiEnv>, routes: RouteTable, limits: RateLimits): Hono<ApiEnv> {
  let made: ApiDocument | undefined;
  const document = (): ApiDocument => {
    made ??= documentOf(app, routes);
    return made;
  };
  let page: string | undefined;

  return new Hono<ApiEnv>()
    .get('/openapi.json', limitStrangers(limits), (c) => {
      c.header('Cache-Control', CACHE);
      return c.json(document());
    })
    .get('/docs', limitStrangers(limits), async (c) => {
      page ??= String(await docsPage(document()));
      c.header('Cache-Control', CACHE);
      c.header('Content-Security-Policy', POLICY);
      return c.html(page);
    });
}
