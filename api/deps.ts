import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Sql } from '../db/client.ts';
import type { PoolFigures } from '../db/pool-use.ts';
import type { Tracing } from '../net/tracing.ts';
import type { RequestLog } from './account/request-log.ts';
import type { ApiConfig } from './config.ts';
import type { RateSettings } from './limits/rate-limits.ts';
import type { Reads } from './limits/reads.ts';

/** What the API works with; given once, at start. */
export interface Deps {
  /** For changes and what they need to read. A transaction has connections and a deadline of its own, see api/pools.ts. */
  readonly sql: Sql;
  /** Connections for keys and readiness alone, so that a busy pool never delays authentication. */
  readonly authSql: Sql;
  /** For event streams, which stay open. */
  readonly streamSql: Sql;
  readonly metricsSql: Sql;
  /** The connections that requests read on. */
  readonly reads: Reads;
  /** The connections on which figures are computed, which takes longer than a read may. */
  readonly figures: Reads;
  /** How the connections of each purpose are used now. */
  readonly poolUse: () => readonly PoolFigures[];
  readonly temporal: Client;
  readonly config: Pick<ApiConfig, 'CURRENCY' | 'ALLOW_LOOPBACK_URLS' | 'COUNTER_URL' | 'SMTP_URL'> &
    Partial<Pick<ApiConfig, 'TEMPORAL_UI_URL' | 'TEMPORAL_NAMESPACE' | 'PUBLIC_URL'>> &
    Partial<RateSettings> & {
      readonly HOLDFAST_MASTER_KEY: Buffer;
    };
  readonly log: Logger;
  /** Absent: the latest requests of an account are not noted. */
  readonly requests?: RequestLog;
  /** Absent: requests are not traced. */
  readonly tracing?: Tracing;
  /** Aborted when the process stops taking requests; open streams end then. */
  readonly closing?: AbortSignal;
}
