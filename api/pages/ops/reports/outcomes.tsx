import type { FC } from 'hono/jsx';
import type { OutcomesReport } from '../../../../client/openapi.ts';
import type { OrderStatus } from '../../../../domain/order/status.ts';
import { count } from '../../view/formats.ts';
import { Empty } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';
import { addressOf } from '../links.tsx';
import { reportAddress, shownDays } from './range.tsx';
import { Share } from './share.tsx';

const columnsBy = (by: OutcomesReport['by']): readonly Column[] => [
  { name: by === 'service' ? 'Service' : 'Provider' },
  { name: 'Ended', kind: 'number' },
  { name: 'Completed', kind: 'number' },
  { name: 'Partial', kind: 'number' },
  { name: 'Canceled', kind: 'number' },
  { name: 'Refills', kind: 'number' },
];

interface CountedProps {
  readonly number: number;
  readonly share: number | null;
  readonly label: string;
  /** Where the orders are. */
  readonly href?: string | undefined;
}

const Counted: FC<CountedProps> = ({ number, share, label, href }) => (
  <span class="row">
    <span class="number">{href === undefined ? count(number) : <a href={href}>{count(number)}</a>}</span>
    <Share of={share} label={label} />
  </span>
);

/** How orders ended: how many, and the shares that went wrong as bars. */
export const Outcomes: FC<{ report: OutcomesReport }> = ({ report }) => {
  const { by, data } = report;
  const columns = columnsBy(by);
  const { to } = shownDays(report);
  const ordersOf = (id: number, status?: OrderStatus) => addressOf('/ops/orders', { [by]: id, status, to });
  if (data.length === 0) {
    return (
      <Empty>
        <p>No order ended on these days.</p>
        <a href={reportAddress('money', 'day', shownDays(report))}>Money of these days</a>
      </Empty>
    );
  }
  return (
    <>
      <p class="quiet">
        Of the orders that ended on these days; counted anew every ten minutes. A number leads to the orders that were
        placed by the last day, also to those that ended earlier or later.
      </p>
      <Table columns={columns} caption={`Outcomes by ${by}`}>
        {data.map(({ id, name, ended, completed, partial, canceled, refills, ...shares }) => (
          <Row
            columns={columns}
            cells={[
              id === null ? (
                <span class="quiet">several providers</span>
              ) : (
                <span class="what">
                  <a href={`/ops/${by}s/${id}`}>{name ?? id}</a> <span class="quiet">{id}</span>
                </span>
              ),
              id === null ? count(ended) : <a href={ordersOf(id)}>{count(ended)}</a>,
              id === null ? count(completed) : <a href={ordersOf(id, 'Completed')}>{count(completed)}</a>,
              <Counted
                number={partial}
                share={shares.partialShare}
                label="Partial"
                href={id === null ? undefined : ordersOf(id, 'Partial')}
              />,
              <Counted
                number={canceled}
                share={shares.canceledShare}
                label="Canceled"
                href={id === null ? undefined : ordersOf(id, 'Canceled')}
              />,
              <Counted number={refills} share={shares.refillShare} label="refilled" />,
            ]}
          />
        ))}
      </Table>
    </>
  );
};
