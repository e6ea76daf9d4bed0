import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { RouteTable } from '../v1/define-route.ts';
import type { ApiContext, ApiEnv } from './context.ts';
import { refuse } from './problems.ts';
import { routeOf } from './route-of.ts';

/** Refuses a body above `maxSize` bytes, with the answer that `refuseWith` makes of it. */
export const limitBody = (refuseWith: (c: ApiContext, refusal: Refusal) => Response, maxSize: number = LIMITS.body) =>
  bodyLimit({
    maxSize,
    onError: (c) => {
      // The rest of the body is not read, so the connection cannot carry another request.
      c.header('Connection', 'close');
      return refuseWith(c, new Refusal('body_too_large'));
    },
  });

/** Refuses a body that is larger than its route reads. */
export function limitRouteBody(routes: RouteTable) {
  const sizes = new Set([LIMITS.body, ...[...routes.values()].map(({ maxBody }) => maxBody)]);
  const limits = new Map([...sizes].map((size) => [size, limitBody(refuse, size)]));
  return createMiddleware<ApiEnv>(async (c, next) =>
    limits.get(routes.get(routeOf(c) ?? '')?.maxBody ?? LIMITS.body)?.(c, next),
  );
}
