import type { FC } from 'hono/jsx';
import { count } from '../../view/formats.ts';
import { type Column, Row, Table } from '../../view/table.tsx';
import { byAction, type CallRow, failuresIn, sumOf } from './calls.ts';
import { Failed, Milliseconds } from './providers.tsx';

const COLUMNS: readonly Column[] = [
  { name: 'Call' },
  { name: 'Calls', kind: 'number' },
  { name: 'Failed', kind: 'number' },
  { name: 'Errors', kind: 'number' },
  { name: 'Not sent', kind: 'number' },
  { name: 'No answer', kind: 'number' },
  { name: 'p50, worst hour', kind: 'number' },
  { name: 'p95, worst hour', kind: 'number' },
];

/** Calls and failures by hour, as `assets/chart.js` draws them. */
export function callChart(rows: readonly CallRow[]) {
  const hours = [...new Set(rows.map(({ at }) => at))].sort();
  const inHour = (at: string) => rows.filter((row) => row.at === at);
  const total = (at: string, of: (row: CallRow) => number) => inHour(at).reduce((sum, row) => sum + of(row), 0);
  return {
    times: hours.map((at) => Date.parse(at) / 1_000),
    series: [
      { name: 'Calls', tone: '--accent', stepped: true, values: hours.map((at) => total(at, ({ calls }) => calls)) },
      { name: 'Failed', tone: '--bad', stepped: true, values: hours.map((at) => total(at, failuresIn)) },
    ],
  };
}

/** How much the provider was asked lately, how it answered and how long it took. */
export const Calls: FC<{ rows: readonly CallRow[]; hours: number }> = ({ rows, hours }) => (
  <section id="calls" aria-label="Calls">
    <h2>Calls in the last {hours} hours</h2>
    {rows.length === 0 ? (
      <p class="quiet">None was counted.</p>
    ) : (
      <>
        <Table columns={COLUMNS} caption="Calls by what was asked">
          {byAction(rows).map(([action, ofAction]) => {
            const sum = sumOf(ofAction);
            return (
              <Row
                columns={COLUMNS}
                cells={[
                  action,
                  count(sum.calls),
                  <Failed sum={sum} />,
                  count(sum.errors),
                  count(sum.notSent),
                  count(sum.noAnswer),
                  <Milliseconds of={sum.p50} />,
                  <Milliseconds of={sum.p95} />,
                ]}
              />
            );
          })}
        </Table>
        {new Set(rows.map(({ at }) => at)).size < 2 ? (
          ''
        ) : (
          <div class="chart" data-needs-script data-chart={JSON.stringify(callChart(rows))} />
        )}
      </>
    )}
  </section>
);
