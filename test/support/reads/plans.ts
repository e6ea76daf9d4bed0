import postgres from 'postgres';
import { READS_IN_ORDER, type Sql } from '../../../db/client.ts';

/** A statement as it was sent, with its parameters. */
export interface SentStatement {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

/** A connection, by default for reads like those of the API, that notes what is sent over it. */
export function notingConnection(
  url: string,
  settings: Readonly<Record<string, string>> = READS_IN_ORDER,
): { readonly sql: Sql; readonly taken: () => SentStatement[] } {
  let sent: SentStatement[] = [];
  const sql = postgres(url, {
    max: 1,
    types: { bigint: postgres.BigInt },
    connection: settings,
    debug: (_, text, parameters) => sent.push({ text, parameters }),
  });
  const taken = () => {
    const all = sent;
    sent = [];
    return all;
  };
  return { sql, taken };
}

/** A node of a plan that PostgreSQL has run, as EXPLAIN writes it. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** What running a statement cost. */
export interface RunPlan {
  readonly returned: number;
  /** Rows of tables that were read, those that a filter removed included. */
  readonly read: number;
  /** Tables that were read from their beginning to their end. */
  readonly scanned: readonly string[];
  /** The most rows that one sort took. */
  readonly sorted: number;
}

/** Runs a statement and measures what it read. */
export async function runPlan(sql: Sql, { text, parameters }: SentStatement): Promise<RunPlan> {
  const [row] = await sql.unsafe(`explain (analyze, timing off, format json) ${text}`, [...parameters] as never[]);
  return measured(row?.['QUERY PLAN'][0].Plan as PlanNode);
}

function measured(root: PlanNode): RunPlan {
  const nodes: PlanNode[] = [];
  const collect = (node: PlanNode) => {
    nodes.push(node);
    for (const child of node.Plans ?? []) collect(child);
  };
  collect(root);
  const rows = (node: PlanNode | undefined) => Math.round((node?.['Actual Rows'] ?? 0) * (node?.['Actual Loops'] ?? 0));
  const removed = (node: PlanNode) =>
    ((node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)) * node['Actual Loops'];
  const reads = nodes.filter(
    (node) => node['Relation Name'] !== undefined && node['Node Type'] !== 'Bitmap Index Scan',
  );
  return {
    returned: rows(root),
    read: reads.reduce((sum, node) => sum + rows(node) + removed(node), 0),
    scanned: nodes.flatMap((node) => (node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? ''] : [])),
    sorted: Math.max(0, ...nodes.map((node) => (/Sort$/.test(node['Node Type']) ? rows(node.Plans?.[0]) : 0))),
  };
}
