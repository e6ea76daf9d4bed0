import { connect, type Sql } from '../db/client.ts';
import { FIGURES_MS, GRACE_MS, QUERY_MS, TRANSACTION_MS } from './http/timeouts.ts';
import { Reads } from './limits/reads.ts';

/** Connections of one API process for changes, for keys and readiness, and for reads. */
const CHANGES = 20;
const AUTH = 4;
const READS = 12;

/**
 * The connections of an API process, one pool for each purpose, so that no purpose starves another. PostgreSQL's own statement
 * timeout ends a query whose cancel request was lost.
 */
export function openPools(url: string) {
  const sql = connect(url, { name: 'holdfast-api', max: CHANGES, statementMs: TRANSACTION_MS + GRACE_MS });
  const authSql = connect(url, { name: 'holdfast-api-auth', max: AUTH, statementMs: QUERY_MS + GRACE_MS });
  const lanes = Array.from({ length: READS }, (): Sql => {
    return connect(url, { name: 'holdfast-api-reads', max: 1, statementMs: FIGURES_MS + GRACE_MS });
  });
  return {
    sql,
    authSql,
    reads: new Reads(lanes),
    end: async (): Promise<void> => {
      await Promise.all([sql, authSql, ...lanes].map((one) => one.end({ timeout: 2 })));
    },
  };
}
