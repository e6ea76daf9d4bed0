import { matchedRoutes } from 'hono/route';
import type { ApiContext } from './context.ts';

/** The route that serves a request, like `GET /v1/orders/:id`; undefined when there is none. */
export function routeOf(c: ApiContext): string | undefined {
  const route = matchedRoutes(c).findLast(({ method }) => method !== 'ALL');
  return route === undefined ? undefined : `${route.method} ${route.path}`;
}
