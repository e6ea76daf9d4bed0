import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { RequestIdVariables } from 'hono/request-id';
import type { Caller } from '../../db/account/accounts.ts';
import type { ErrorCode } from '../../domain/errors.ts';

/** What middleware adds to a request. */
export type ApiEnv = {
  Bindings: HttpBindings & {
    /**
     * The key of a session, for a request that the pages make inside this process. The server sets no such binding, so no request
     * from outside can have one.
     */
    readonly keyOfSession?: number;
  };
  Variables: RequestIdVariables & {
    /** Set on every route that needs a key. */
    readonly caller: Caller;
    /** The caller's own id for the request, when it sends one. */
    readonly callerRequestId?: string;
    /** Why the request was refused. */
    readonly refused?: ErrorCode;
    /** The action of a call of panel API v2. */
    readonly action?: string;
  };
};
export type ApiContext = Context<ApiEnv>;
