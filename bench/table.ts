import type { Benchmark } from './benchmark.ts';
import type { Summary } from './rounds.ts';

export interface Measured extends Summary {
  readonly benchmark: Pick<Benchmark, 'name' | 'work' | 'floor' | 'unit'>;
}

const HEAD = ['benchmark', 'measured', 'against', 'unit', 'measured', 'against', 'ratio', 'lowest', 'highest'];
/** Columns from this index on are numbers. */
const NUMBERS = 4;

/** Three significant digits, and all digits of a number above a thousand. */
const figure = (number: number): string =>
  Math.abs(number) >= 1_000 ? number.toFixed(0) : String(Number(number.toPrecision(3)));

/** The results as a table. Ratios have two digits: further digits would differ in the next run. */
export function tableOf(rows: readonly Measured[]): string {
  const cells = rows.map(({ benchmark: { name, work, floor, unit }, ...summary }) => [
    name,
    work,
    floor,
    unit,
    figure(summary.work),
    figure(summary.floor),
    ...[summary.ratio, summary.lowest, summary.highest].map((ratio) => ratio.toPrecision(2)),
  ]);
  const all = [HEAD, ...cells];
  const widths = HEAD.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  const padded = (cell: string, at: number) =>
    at < NUMBERS ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0);
  return all.map((row) => row.map(padded).join('  ').trimEnd()).join('\n');
}
