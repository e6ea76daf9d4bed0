import type { Sql } from '../../../db/client.ts';
import { type BatchReport, type DueReport, reportRows, takeReports } from '../../../db/delivery/reports.ts';
import { LIMITS } from '../../../domain/limits.ts';

/** Stores reports as a status call does, without taking those that are due. Returns how many batches changed. */
export async function recordReports(
  sql: Sql,
  provider: number,
  reports: readonly BatchReport[],
  at: Date,
): Promise<number> {
  const [row] = await sql<{ changed: number }[]>`
    select record_reports(${provider}, ${sql.json(reportRows(reports))}, ${at}, ${LIMITS.samples}) as changed`;
  return row?.changed ?? 0;
}

/** Takes all reports of a provider that are due, as the end of a round does. */
export async function takenReports(sql: Sql, provider: number, resendSeconds: number): Promise<DueReport[]> {
  const all: DueReport[] = [];
  for await (const part of takeReports(sql, provider, resendSeconds)) all.push(...part);
  return all;
}
