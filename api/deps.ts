import type { HttpBindings } from '@hono/node-server';
import type { Client } from '@temporalio/client';
import type { Context } from 'hono';
import type { RequestIdVariables } from 'hono/request-id';
import type { Logger } from 'pino';
import type { Caller } from '../db/account/accounts.ts';
import type { Sql } from '../db/client.ts';
import type { ApiConfig } from './config.ts';
import type { RateSettings } from './limits/rate-limits.ts';
import type { Reads } from './limits/reads.ts';

/** What the API works with; given once, at start. */
export interface Deps {
  readonly sql: Sql;
  /** Connections for keys and readiness alone: whatever the others are busy with, who asks is known. */
  readonly authSql: Sql;
  /** Where requests read. */
  readonly reads: Reads;
  readonly temporal: Client;
  readonly config: Pick<ApiConfig, 'CURRENCY' | 'ALLOW_LOOPBACK_URLS' | 'COUNTER_URL' | 'SMTP_URL'> &
    Partial<RateSettings> & {
      readonly HOLDFAST_MASTER_KEY: Buffer;
    };
  readonly log: Logger;
  /** Aborted when the process takes no more requests: what would go on for ever ends then. */
  readonly closing?: AbortSignal;
}

/** `caller` is there on every route that needs a key. */
export type ApiEnv = {
  Bindings: HttpBindings;
  Variables: RequestIdVariables & {
    readonly caller: Caller;
    /** What the caller calls the request, when it says so. */
    readonly callerRequestId?: string;
  };
};
export type ApiContext = Context<ApiEnv>;
