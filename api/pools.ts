import { connect, READS_IN_ORDER, type Sql } from '../db/client.ts';
import type { DatabaseTls } from '../db/settings/database.ts';
import { FIGURES_MS, GRACE_MS, QUERY_MS, TRANSACTION_MS } from './http/timeouts.ts';
import { Reads } from './limits/reads.ts';
import { withTransactions } from './limits/transactions.ts';

/** Connections of one API process by their purpose. */
const CONNECTIONS = { statements: 8, transactions: 8, auth: 4, reads: 10, figures: 2, streams: 2, metrics: 2 } as const;

/**
 * The connections of an API process, one pool for each purpose, so that no purpose starves another: reads that wait for a table
 * delay neither authentication nor placing. Each pool has the deadline of what runs on it, and PostgreSQL ends a statement shortly
 * after its caller gave up, even if a cancel request was lost.
 */
export function openPools(url: string, tls?: DatabaseTls) {
  const open = (
    purpose: keyof typeof CONNECTIONS,
    ms: number,
    settings = {},
    max: number = CONNECTIONS[purpose],
  ): Sql => connect(url, { name: `holdfast-api-${purpose}`, max, statementMs: ms + GRACE_MS, tls, settings });
  const lanes = (purpose: 'reads' | 'figures', ms: number, settings = {}): Sql[] =>
    Array.from({ length: CONNECTIONS[purpose] }, () => open(purpose, ms, settings, 1));

  const statements = open('statements', QUERY_MS);
  const transactions = open('transactions', TRANSACTION_MS);
  const authSql = open('auth', QUERY_MS);
  const streamSql = open('streams', QUERY_MS, READS_IN_ORDER);
  const metricsSql = open('metrics', FIGURES_MS);
  const reads = lanes('reads', QUERY_MS, READS_IN_ORDER);
  const figures = lanes('figures', FIGURES_MS);
  const all = [statements, transactions, authSql, streamSql, metricsSql, ...reads, ...figures];
  return {
    sql: withTransactions(statements, transactions, TRANSACTION_MS),
    authSql,
    streamSql,
    metricsSql,
    reads: new Reads(reads),
    figures: new Reads(figures),
    end: async (): Promise<void> => {
      await Promise.all(all.map((one) => one.end({ timeout: 2 })));
    },
  };
}
