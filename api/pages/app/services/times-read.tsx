import type { FC } from 'hono/jsx';
import type { ServiceTimes } from '../../../../client/openapi.ts';
import { dayAfter } from '../../days.ts';
import type { Visit } from '../../page.ts';
import { count, duration } from '../../view/formats.ts';
import { Sparkline } from '../../view/sparkline.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';

/** How long the services took day by day: the days in order, and of each service those on which orders were Completed. */
export interface Times {
  readonly days: readonly string[];
  readonly of: ReadonlyMap<number, ServiceTimes['data'][number]['days']>;
}

/** Each day from `from` to before `to`. */
function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day: string | undefined = from; day !== undefined && day < to; day = dayAfter(day, 1)) days.push(day);
  return days;
}

export async function readTimes({ v1 }: Visit, services: readonly number[]): Promise<Times> {
  if (services.length === 0) return { days: [], of: new Map() };
  const { from, to, data } = await v1.GET('/v1/services/times', { params: { query: { ids: services.join(',') } } });
  return { days: daysBetween(from, to), of: new Map(data.map(({ service, days }) => [service, days])) };
}

/** The curve of a service's time to Completed; nothing when it was measured on less than two days. */
export const TimesCurve: FC<{ times: Times; service: number }> = ({ times, service }) => {
  const measured = times.of.get(service) ?? [];
  const [first, last] = [measured[0], measured.at(-1)];
  if (first === undefined || last === undefined || measured.length < 2) return null;
  const slowest = measured.reduce((one, other) => (other.p50 > one.p50 ? other : one));
  const byDay = new Map(measured.map(({ day, p50 }) => [day, p50]));
  const text = `Half were Completed in ${duration(first.p50)} on ${first.day}, ${duration(last.p50)} on ${last.day}, and at most ${duration(slowest.p50)}, on ${slowest.day}`;
  return <Sparkline values={times.days.map((day) => byDay.get(day) ?? null)} text={text} />;
};

const COLUMNS: readonly Column[] = [
  { name: 'Day' },
  { name: 'Half Completed in', kind: 'number' },
  { name: 'Orders', kind: 'number' },
];

/** The same numbers as a table, the latest day first. */
export const TimesTable: FC<{ times: Times; service: number }> = ({ times, service }) => (
  <Table columns={COLUMNS} caption="Time to Completed by day">
    {(times.of.get(service) ?? []).toReversed().map(({ day, p50, completed }) => (
      <Row columns={COLUMNS} cells={[day, duration(p50), count(completed)]} />
    ))}
  </Table>
);
