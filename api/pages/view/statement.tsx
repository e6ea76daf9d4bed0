import type { FC } from 'hono/jsx';
import type { StatementLine } from '../../../client/openapi.ts';
import { dayStart } from '../days.ts';
import { queryOf, type Visit } from '../page.ts';
import { given } from '../queries.ts';
import { Amount, Booked, Field, inputOf } from './parts.tsx';
import { type Column, Row, Table } from './table.tsx';

/** The first and the last day that are shown, in UTC. */
export interface Days {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export const daysOf = (visit: Visit): Days => ({ from: queryOf(visit, 'from'), to: queryOf(visit, 'to') });

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
        {shown.from === undefined && shown.to === undefined ? (
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

/** Movements of a wallet; `orders` is where the pages of its orders are. */
export const Movements: FC<{ lines: readonly StatementLine[]; orders: string }> = ({ lines, orders }) => (
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
