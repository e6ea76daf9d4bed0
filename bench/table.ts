/** One line of the table. Only a comparison has a floor and a ratio, and only one of several rounds a range. */
export interface Row {
  readonly scenario: string;
  readonly measured: string;
  readonly against?: string;
  readonly unit: string;
  readonly value: number;
  readonly floor?: number;
  readonly ratio?: number;
  readonly lowest?: number;
  readonly highest?: number;
}

const HEAD = ['scenario', 'measured', 'against', 'unit', 'measured', 'against', 'ratio', 'lowest', 'highest'];
/** Columns from this index on are numbers. */
const NUMBERS = 4;

/** Three significant digits, and all digits of a number above a thousand. */
const figure = (number: number): string =>
  Math.abs(number) >= 1_000 ? number.toFixed(0) : String(Number(number.toPrecision(3)));

/** Ratios have two digits: further digits would differ in the next run. */
const ratio = (number: number): string => number.toPrecision(2);

const shown = (number: number | undefined, show: (number: number) => string): string =>
  number === undefined ? '' : show(number);

/** The results as a table. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.scenario,
    row.measured,
    row.against ?? '',
    row.unit,
    figure(row.value),
    shown(row.floor, figure),
    ...[row.ratio, row.lowest, row.highest].map((number) => shown(number, ratio)),
  ]);
  const all = [HEAD, ...cells];
  const widths = HEAD.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  const padded = (cell: string, at: number) =>
    at < NUMBERS ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0);
  return all.map((row) => row.map(padded).join('  ').trimEnd()).join('\n');
}
