import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Sql } from '../db/client.ts';

/** What activities work with; given once, at start. */
export interface Deps {
  readonly sql: Sql;
  readonly temporal: Client;
  /** Opens the providers' keys. */
  readonly masterKey: Buffer;
  readonly log: Logger;
}
