import { bodyLimit } from 'hono/body-limit';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { ApiContext } from '../deps.ts';

/** Refuses a body above `maxSize` bytes, in the words of whoever serves it. */
export const limitBody = (refuse: (c: ApiContext, refusal: Refusal) => Response, maxSize: number = LIMITS.body) =>
  bodyLimit({
    maxSize,
    onError: (c) => {
      // The rest of the body is not read, so nothing else can come on this connection.
      c.header('Connection', 'close');
      return refuse(c, new Refusal('body_too_large'));
    },
  });
