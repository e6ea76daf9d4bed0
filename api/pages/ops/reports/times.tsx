import type { FC } from 'hono/jsx';
import type { TimesReport } from '../../../../client/openapi.ts';
import { count, duration } from '../../view/formats.ts';
import { Empty } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';
import { addressOf } from '../links.tsx';
import { shownDays } from './range.tsx';
import { timesChart } from './report-charts.ts';

const COLUMNS: readonly Column[] = [
  { name: 'Service' },
  { name: 'Orders', kind: 'number' },
  { name: 'Half begin in', kind: 'number' },
  { name: '95 % begin in', kind: 'number' },
  { name: 'Half Completed in', kind: 'number' },
  { name: '95 % Completed in', kind: 'number' },
  { name: 'Half, 1 to 4 weeks before', kind: 'number' },
];

const orDash = (seconds: number | null): string => (seconds === null ? '–' : duration(seconds));

/** Time to the start and to Completed by service, beside its own last weeks. */
export const Times: FC<{ report: TimesReport }> = ({ report }) => {
  const chart = timesChart(report);
  if (report.data.length === 0) {
    return (
      <Empty>
        <p>No order ended on these days.</p>
      </Empty>
    );
  }
  return (
    <>
      <p class="quiet">
        Time to Completed, of the orders that ended on these days and in each of the weeks before; exact to about a
        tenth.
      </p>
      {chart === undefined ? '' : <div id="chart" class="chart" data-needs-script data-chart={JSON.stringify(chart)} />}
      <Table columns={COLUMNS} caption="Times by service">
        {report.data.map(({ id, name, startSeconds, completedSeconds, weeksBefore }) => (
          <Row
            columns={COLUMNS}
            cells={[
              <span class="what">
                <a href={`/ops/services/${id}`}>{name ?? id}</a> <span class="quiet">{id}</span>
              </span>,
              <a href={addressOf('/ops/orders', { service: id, status: 'Completed', to: shownDays(report).to })}>
                {count(completedSeconds.orders)}
              </a>,
              orDash(startSeconds.p50),
              orDash(startSeconds.p95),
              <b>{orDash(completedSeconds.p50)}</b>,
              orDash(completedSeconds.p95),
              <span>
                {weeksBefore.map(({ completedSeconds: { p50 } }, week) => (
                  <>
                    {week === 0 ? '' : ', '}
                    <span class="whole">{orDash(p50)}</span>
                  </>
                ))}
              </span>,
            ]}
          />
        ))}
      </Table>
    </>
  );
};
