import type { RevenueReport, TimesReport } from '../../../../client/openapi.ts';
import { dayAfter } from '../../days.ts';
import type { Chart } from '../../view/chart.ts';

const secondsOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 1_000;

const MONEY = [
  ['revenue', 'Revenue', '--accent'],
  ['cost', 'Cost', '--warn'],
  ['margin', 'Margin', '--good'],
] as const;

/** Days of a report, each once: one on which no money moved has nothing, which is 0. */
function allDays({ from, to }: Pick<RevenueReport, 'from' | 'to'>): string[] {
  const days: string[] = [];
  for (let day: string | undefined = from; day !== undefined && day < to; day = dayAfter(day, 1)) days.push(day);
  return days;
}

/** Money by day. A chart needs no exact amounts; the table beside it has them. */
export function moneyChart(report: RevenueReport): Chart {
  const rows = new Map(report.data.map((row) => [row.day, row]));
  const today = new Date().toISOString().slice(0, 10);
  const days = allDays(report).filter((day) => day <= today);
  return {
    isByDay: true,
    times: days.map(secondsOf),
    series: MONEY.map(([field, name, tone]) => ({
      name,
      tone,
      stepped: false,
      values: days.map((day) => Number(rows.get(day)?.[field] ?? 0)),
    })),
  };
}

const TONES = ['--accent', '--good', '--warn', '--bad', '--quiet'] as const;

/** The time to Completed of the services with the most orders, now and in the weeks before; undefined when none has a time. */
export function timesChart({ from, data }: TimesReport): Chart | undefined {
  const shown = data
    .filter(({ completedSeconds, weeksBefore }) =>
      [completedSeconds, ...weeksBefore.map((week) => week.completedSeconds)].some(({ p50 }) => p50 !== null),
    )
    .toSorted((one, other) => other.completedSeconds.orders - one.completedSeconds.orders)
    .slice(0, TONES.length);
  const [first] = shown;
  if (first === undefined) return undefined;
  const starts = [...first.weeksBefore.map((week) => week.from).toReversed(), from];
  return {
    isByDay: true,
    unit: 'seconds',
    times: starts.map(secondsOf),
    series: shown.map(({ id, name, completedSeconds, weeksBefore }, index) => ({
      name: name ?? `Service ${id}`,
      tone: TONES[index] ?? '--quiet',
      stepped: false,
      values: [...weeksBefore.map((week) => week.completedSeconds.p50).toReversed(), completedSeconds.p50],
    })),
  };
}
