import type { FC } from 'hono/jsx';
import type { StatementLine } from '../../../client/openapi.ts';
import { dayStart } from '../days.ts';
import { queryOf, type Visit } from '../page.ts';
import { given } from '../queries.ts';
import { Amount, Booked, Empty, Field, inputOf } from './parts.tsx';
import { type Column, Row, Table } from './table.tsx';

/** The first and the last day that are shown, in UTC. */
export interface Days {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export const daysOf = (visit: Visit): Days => ({ from: queryOf(visit, 'from'), to: queryOf(visit, 'to') });

const isWhole = ({ from, to }: Days): boolean => from === undefined && to === undefined;

/** Movements that one page shows. */
const LINES = 50;

/** Where the movements of some days are, below `path`. */
export const statementAddress = (path: string, days: Days): string => {
  const query = new URLSearchParams(given(days)).toString();
  return query === '' ? path : `${path}?${query}`;
};

/** What v1 is asked for the shown page of movements. */
export const linesQuery = (visit: Visit) =>
  given({ limit: LINES, cursor: queryOf(visit, 'cursor'), ...daysQuery(daysOf(visit)) });

/** The days as v1 takes them for a statement. */
export const daysQuery = ({ from, to }: Days) => given({ from: dayStart(from), to: dayStart(to, 1) });

/** Chooses the days of a statement; `whole` is the address of all of it. */
export const DayFilter: FC<{ shown: Days; whole: string }> = ({ shown, whole }) => {
  const day = (name: keyof Days, label: string) => (
    <Field name={name} label={label}>
      <input {...inputOf({ name, label })} type="date" value={shown[name] ?? ''} />
    </Field>
  );
  return (
    <search>
      <form method="get" class="filters">
        {day('from', 'From (UTC)')}
        {day('to', 'To, included')}
        <button type="submit">Show</button>
        {isWhole(shown) ? (
          ''
        ) : (
          <a class="button plain" href={whole}>
            Clear
          </a>
        )}
      </form>
    </search>
  );
};

const COLUMNS: readonly Column[] = [
  { name: 'Line' },
  { name: 'What' },
  { name: 'Order', kind: 'number' },
  { name: 'Amount', kind: 'number' },
  { name: 'Balance', kind: 'number' },
  { name: 'At', kind: 'number' },
];

const KINDS = {
  deposit: 'Deposit',
  hold: 'Order',
  refund: 'Refund',
  correction: 'Correction',
  debit: 'Debit',
} as const;

const LineTable: FC<{ lines: readonly StatementLine[]; orders: string }> = ({ lines, orders }) => (
  <Table columns={COLUMNS} caption="Movements of the wallet, newest first">
    {lines.map(({ line, kind, note, order, amount, balance: after, at }) => (
      <Row
        columns={COLUMNS}
        cells={[
          line,
          note === null ? KINDS[kind] : `${KINDS[kind]} · ${note}`,
          order === null ? <span class="quiet">–</span> : <a href={`${orders}/${order}`}>{order}</a>,
          <Amount of={amount} />,
          <Amount of={after} />,
          <Booked at={at} />,
        ]}
      />
    ))}
  </Table>
);

interface MovementsProps {
  readonly lines: readonly StatementLine[];
  readonly shown: Days;
  /** Where the pages of the orders are. */
  readonly orders: string;
  /** Said when no money has ever moved. */
  readonly none: string;
}

/** The movements of a wallet in the shown days. */
export const Movements: FC<MovementsProps> = ({ lines, shown, orders, none }) =>
  lines.length > 0 ? (
    <LineTable lines={lines} orders={orders} />
  ) : (
    <Empty>
      <p>{isWhole(shown) ? none : 'No money moved in these days.'}</p>
    </Empty>
  );

/** What a statement has in its heading: the file, and the balance. `csv` is the address of the file. */
export const StatementActs: FC<{ csv: string; balance: string; currency: string }> = ({ csv, balance, currency }) => (
  <>
    <a class="button plain" href={csv}>
      As CSV
    </a>
    <p>
      Balance{' '}
      <b>
        <Amount of={balance} currency={currency} />
      </b>
    </p>
  </>
);
