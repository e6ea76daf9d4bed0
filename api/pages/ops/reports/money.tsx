import type { FC } from 'hono/jsx';
import type { RevenueReport } from '../../../../client/openapi.ts';
import { money, share } from '../../view/formats.ts';
import { Amount, Empty, Time } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';
import { moneyChart } from './report-charts.ts';
import { Share } from './share.tsx';

type MoneyRow = RevenueReport['data'][number];
type By = RevenueReport['by'];

const PLACES = { service: '/ops/services/', provider: '/ops/providers/', account: '/ops/accounts/' } as const;

const NAMES: Readonly<Record<By, string>> = {
  day: 'Day (UTC)',
  service: 'Service',
  provider: 'Provider',
  account: 'Account',
};

const columnsBy = (by: By): readonly Column[] => [
  { name: NAMES[by] },
  { name: 'Revenue', kind: 'number' },
  { name: 'Cost', kind: 'number' },
  { name: 'Loss', kind: 'number' },
  { name: 'Margin', kind: 'number' },
  ...(by === 'day' ? [] : [{ name: 'Of all revenue', kind: 'number' } as const]),
];

const Subject: FC<{ by: By; row: MoneyRow }> = ({ by, row: { day, id, name } }) => {
  if (by === 'day') return <b class="number">{day}</b>;
  if (id === null) return <span class="quiet">{by === 'provider' ? 'several providers' : 'none'}</span>;
  return (
    <span class="what">
      <a href={PLACES[by] + id}>{name ?? id}</a> <span class="quiet">{id}</span>
    </span>
  );
};

const isBelowZero = (amount: string): boolean => amount.startsWith('-');

/** A part of a whole for a bar; 0 when there is no whole. It is shown rounded, beside the exact amount. */
const partOf = (amount: string, whole: string): number =>
  Number(whole) > 0 ? Math.max(Number(amount) / Number(whole), 0) : 0;

const Totals: FC<{ report: RevenueReport }> = ({ report: { total, currency } }) => (
  <ul class="tiles is-plain">
    {(
      [
        ['Revenue', total.revenue],
        ['Cost', total.cost],
        ['Loss', total.loss],
        ['Margin', total.margin],
      ] as const
    ).map(([name, amount]) => (
      <li>
        <span class="quiet">{name}</span>
        <b class={isBelowZero(amount) ? 'is-loss' : ''}>
          {money(amount)} <span class="quiet">{currency}</span>
        </b>
        {name === 'Margin' && Number(total.revenue) > 0 ? (
          <span class="quiet">{share(Number(amount) / Number(total.revenue))} of revenue</span>
        ) : (
          ''
        )}
      </li>
    ))}
  </ul>
);

/** Revenue, cost and margin: their sums, a chart by day, and the exact amounts as a table. */
export const MoneyReport: FC<{ report: RevenueReport }> = ({ report }) => {
  const { by, data, asOf, total } = report;
  const columns = columnsBy(by);
  return (
    <>
      <Totals report={report} />
      <p class="quiet">
        Counted up to <Time at={asOf} />. Money counts on the day on which the ledger moved it.
      </p>
      {data.length === 0 ? (
        <Empty>
          <p>No money moved on these days.</p>
        </Empty>
      ) : (
        <>
          {by === 'day' ? (
            <div id="chart" class="chart" data-needs-script data-chart={JSON.stringify(moneyChart(report))} />
          ) : (
            ''
          )}
          <Table columns={columns} caption={`Money by ${by}`}>
            {(by === 'day' ? data.toReversed() : data).map((row) => (
              <Row
                columns={columns}
                cells={[
                  <Subject by={by} row={row} />,
                  <Amount of={row.revenue} />,
                  <Amount of={row.cost} />,
                  <Amount of={row.loss} />,
                  <span class={isBelowZero(row.margin) ? 'is-loss' : ''}>
                    <Amount of={row.margin} />
                  </span>,
                  by === 'day' ? '' : <Share of={partOf(row.revenue, total.revenue)} label="of all revenue" />,
                ]}
              />
            ))}
          </Table>
        </>
      )}
    </>
  );
};
