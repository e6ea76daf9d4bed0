import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Sql } from '../../db/client.ts';
import type { Mailer } from '../../net/mailer.ts';
import type { Tracing } from '../../net/tracing.ts';
import type { Resolve } from '../../net/url-guard.ts';
import type { CallLog } from '../provider/call-log.ts';
import type { FaultHook } from './fault-points.ts';
import type { SendMetrics } from './metrics.ts';

/** What activities work with; given once, at start. */
export interface Deps {
  readonly sql: Sql;
  readonly temporal: Client;
  /** Opens the providers' keys and the webhooks' secrets. */
  readonly masterKey: Buffer;
  /** The one currency of the installation, as shown to customers. */
  readonly currency: string;
  /** Whether webhooks, providers and counters may be at loopback and private addresses, and without TLS. */
  readonly allowLoopback: boolean;
  /** The installation's own counter, which may be at any address. */
  readonly counterUrl?: string;
  /** Where people reach the pages; the Temporal UI links orders to them. */
  readonly publicUrl?: string;
  /** How names of providers and counters are looked up; absent: as usual. */
  readonly resolve?: Resolve;
  /** Counts the calls to providers; absent: they are not counted. */
  readonly calls?: CallLog;
  /** Counts attempts; absent: they are not counted. */
  readonly metrics?: SendMetrics;
  /** Absent: no e-mail is sent. */
  readonly mailer?: Mailer;
  /** The version of this worker's workflows; absent: versions are not told apart. */
  readonly build?: string;
  readonly log: Logger;
  /** Absent: nothing is traced. */
  readonly tracing?: Tracing;
  /** Where a simulation injects faults; absent in production. */
  readonly faults?: FaultHook;
}
