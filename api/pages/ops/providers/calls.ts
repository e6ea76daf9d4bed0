import type { Answer } from '../../../../client/types.ts';
import type { Visit } from '../../page.ts';

export type CallRow = Answer<'get', '/v1/admin/providers/{id}/calls'>['data'][number];

const HOUR_MS = 3_600_000;

/** The counts of the calls to a provider in the last hours, by hour and action, oldest first. */
export async function callsOf({ v1 }: Visit, id: number, hours: number): Promise<readonly CallRow[]> {
  const to = Date.now();
  const query = {
    from: new Date(to - hours * HOUR_MS).toISOString(),
    to: new Date(to).toISOString(),
    step: 'hour' as const,
  };
  return (await v1.GET('/v1/admin/providers/{id}/calls', { params: { path: { id }, query } })).data;
}

/** Calls that gave no usable answer. */
export const failuresIn = ({ errors, notSent, noAnswer }: CallRow): number => errors + notSent + noAnswer;

export interface CallSum {
  readonly calls: number;
  readonly errors: number;
  readonly notSent: number;
  readonly noAnswer: number;
  readonly failures: number;
  /** Milliseconds: of the worst hour of any action; null when no call was answered. */
  readonly p50: number | null;
  readonly p95: number | null;
}

const largest = (numbers: readonly (number | null)[]): number | null =>
  numbers.reduce((most, one) => (one !== null && (most === null || one > most) ? one : most), null);

/** The counts together. Percentiles cannot be added up, so those of the worst hour stand for all. */
export function sumOf(rows: readonly CallRow[]): CallSum {
  const total = (field: (row: CallRow) => number) => rows.reduce((sum, row) => sum + field(row), 0);
  return {
    calls: total(({ calls }) => calls),
    errors: total(({ errors }) => errors),
    notSent: total(({ notSent }) => notSent),
    noAnswer: total(({ noAnswer }) => noAnswer),
    failures: total(failuresIn),
    p50: largest(rows.map(({ latencyMs }) => latencyMs.p50)),
    p95: largest(rows.map(({ latencyMs }) => latencyMs.p95)),
  };
}

/** The rows of each action, by its name. */
export const byAction = (rows: readonly CallRow[]): [string, CallRow[]][] =>
  [...new Set(rows.map(({ action }) => action))]
    .sort()
    .map((action) => [action, rows.filter((row) => row.action === action)]);
