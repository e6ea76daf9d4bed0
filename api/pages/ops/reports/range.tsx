import type { FC } from 'hono/jsx';
import { dayAfter } from '../../days.ts';
import { queryOf, type Visit } from '../../page.ts';
import { Choice, Field, inputOf } from '../../view/parts.tsx';
import { addressOf } from '../links.tsx';

/** The days of a report as the page's address has them: both are included. */
export interface Range {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export const rangeOf = (visit: Visit): Range => ({ from: queryOf(visit, 'from'), to: queryOf(visit, 'to') });

/** The days as v1 takes them: `to` is the day after the last one. */
export function daysQuery({ from, to }: Range): { from?: string; to?: string } {
  const after = dayAfter(to, 1);
  return { ...(from === undefined ? {} : { from }), ...(after === undefined ? {} : { to: after }) };
}

/** The days of an answer of v1 as people name them. */
export const shownDays = ({ from, to }: { readonly from: string; readonly to: string }): Range => ({
  from,
  to: dayAfter(to, -1),
});

/** The address of a report; days that are not given are the usual ones. */
export const reportAddress = (report: string, by: string | undefined, { from, to }: Range): string =>
  addressOf('/ops/reports', { report, by, from, to });

/** The address of a report as a file. */
export const csvAddress = (report: string, by: string | undefined, { from, to }: Range): string =>
  addressOf('/ops/reports/csv', { report, by, from, to });

const LATELY = [7, 30, 90] as const;

/** Chooses the days of a report. `shown` are those of the report, or what was asked for when there is none. */
export const RangeForm: FC<{
  report: string;
  by: string | undefined;
  /** What the report can be by; none: by one thing alone. */
  ways: readonly string[];
  shown: Range;
  most: number;
}> = ({ report, by, ways, shown, most }) => {
  const today = new Date().toISOString().slice(0, 10);
  const day = (name: 'from' | 'to', label: string) => (
    <Field name={name} label={label}>
      <input {...inputOf({ name, label })} type="date" value={shown[name] ?? ''} />
    </Field>
  );
  return (
    <form method="get" class="filters">
      <input type="hidden" name="report" value={report} />
      {ways.length === 0 ? (
        ''
      ) : (
        <Choice name="by" label="By" value={by} options={ways.map((way) => [way, way] as const)} />
      )}
      {day('from', 'From')}
      {day('to', 'To, included')}
      <button type="submit">Show</button>
      {LATELY.filter((days) => days <= most).map((days) => (
        <a class="button plain" href={reportAddress(report, by, { from: dayAfter(today, 1 - days), to: today })}>
          {days} days
        </a>
      ))}
    </form>
  );
};
