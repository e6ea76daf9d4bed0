import { connect, READS_IN_ORDER, type Sql } from '../db/client.ts';
import { type PoolFigures, PoolUse } from '../db/pool-use.ts';
import type { DatabaseTls } from '../db/settings/database.ts';
import { FIGURES_MS, GRACE_MS, QUERY_MS, TRANSACTION_MS } from './http/timeouts.ts';
import { Reads } from './limits/reads.ts';
import { TRANSACTIONS_AT_ONCE, withTransactions } from './limits/transactions.ts';

/** Connections of one API process by their purpose. */
const CONNECTIONS = {
  statements: 8,
  transactions: TRANSACTIONS_AT_ONCE,
  auth: 4,
  reads: 10,
  figures: 2,
  streams: 2,
  metrics: 2,
} as const;

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
  const uses: PoolUse[] = [];
  const counted = (purpose: keyof typeof CONNECTIONS, ms: number, settings = {}): Sql => {
    const use = new PoolUse(purpose, CONNECTIONS[purpose]);
    uses.push(use);
    return use.counted(open(purpose, ms, settings));
  };
  const lanes = (purpose: 'reads' | 'figures', ms: number, settings = {}): Sql[] =>
    Array.from({ length: CONNECTIONS[purpose] }, () => open(purpose, ms, settings, 1));

  const statements = counted('statements', QUERY_MS);
  const transactions = counted('transactions', TRANSACTION_MS);
  const authSql = counted('auth', QUERY_MS);
  const streamSql = counted('streams', QUERY_MS, READS_IN_ORDER);
  const metricsSql = counted('metrics', FIGURES_MS);
  const readLanes = lanes('reads', QUERY_MS, READS_IN_ORDER);
  const figureLanes = lanes('figures', FIGURES_MS);
  const reads = new Reads(readLanes);
  const figures = new Reads(figureLanes);
  const all = [statements, transactions, authSql, streamSql, metricsSql, ...readLanes, ...figureLanes];
  return {
    sql: withTransactions(statements, transactions, TRANSACTION_MS),
    authSql,
    streamSql,
    metricsSql,
    reads,
    figures,
    /** How each pool is used now. */
    poolUse: (): PoolFigures[] => [
      ...uses.map((use) => use.figures()),
      { pool: 'reads', ...reads.use() },
      { pool: 'figures', ...figures.use() },
    ],
    end: async (): Promise<void> => {
      await Promise.all(all.map((one) => one.end({ timeout: 2 })));
    },
  };
}
