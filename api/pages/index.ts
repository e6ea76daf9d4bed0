import type { OpenAPIHono } from '@hono/zod-openapi';
import { Hono } from 'hono';
import type { Deps } from '../deps.ts';
import type { ApiEnv } from '../http/context.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import { CUSTOMER_PAGES, CUSTOMER_PLACES } from './app/index.ts';
import { assetRoutes } from './assets.ts';
import { deskRoutes } from './desk.tsx';
import { STAFF_PAGES, STAFF_PLACES } from './ops/index.ts';

/** The pages for people. Everything that they show and do goes through REST v1 of `app`, inside this process. */
export function pageRoutes(app: Pick<OpenAPIHono<ApiEnv>, 'fetch'>, deps: Deps, limits: RateLimits): Hono<ApiEnv> {
  const customers = { desk: 'app', places: CUSTOMER_PLACES, pages: CUSTOMER_PAGES } as const;
  const staff = { desk: 'ops', places: STAFF_PLACES, pages: STAFF_PAGES } as const;
  return new Hono<ApiEnv>()
    .route('/', assetRoutes())
    .route('/app', deskRoutes(customers, app, deps, limits))
    .route('/ops', deskRoutes(staff, app, deps, limits))
    .get('/', (c) => c.redirect('/app'));
}
