import type { FC } from 'hono/jsx';
import type { StatementTotals } from '../../../client/openapi.ts';
import { dayAfter, dayStart } from '../days.ts';
import { type Page, queryOf, type Visit } from '../page.ts';
import { given } from '../queries.ts';
import { V1Problem } from '../v1.ts';
import { Amount, Booked, Empty, Field, Heading, inputOf, Pager } from '../view/parts.tsx';
import { type Column, Facts, Row, Table } from '../view/table.tsx';

const LINES = 50;

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

/** The first and the last day that are shown, in UTC. */
interface Days {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

const daysOf = (visit: Visit): Days => ({ from: queryOf(visit, 'from'), to: queryOf(visit, 'to') });

const queryFor = ({ from, to }: Days) => given({ from: dayStart(from), to: dayStart(to, 1) });

/** Where the movements of some days are. */
export const statementAddress = (days: Days, path = '/app/statement'): string => {
  const query = new URLSearchParams(given(days)).toString();
  return query === '' ? path : `${path}?${query}`;
};

/** What moved in the shown days; undefined without a first day, and for more days than v1 adds up. */
async function totalsOf({ v1 }: Visit, { from, to }: Days): Promise<StatementTotals | undefined> {
  if (from === undefined) return undefined;
  const query = given({ from, to: dayAfter(to, 1) });
  try {
    return await v1.GET('/v1/statement/totals', { params: { query } });
  } catch (error) {
    // The list says what is wrong with a day.
    if (error instanceof V1Problem && error.code === 'invalid_request') return undefined;
    throw error;
  }
}

const Totals: FC<{ of: StatementTotals }> = ({ of }) => (
  <section aria-label="In these days">
    <Facts
      of={[
        ['Spent', <Amount of={of.spent} currency={of.currency} />],
        ['Taken for orders', <Amount of={of.charged} currency={of.currency} />],
        ['Given back', <Amount of={of.refunded} currency={of.currency} />],
        ['Deposited', <Amount of={of.deposited} currency={of.currency} />],
        ...(of.debited === '0' ? [] : [['Debited', <Amount of={of.debited} currency={of.currency} />] as const]),
      ]}
    />
  </section>
);

const DayFilter: FC<{ shown: Days }> = ({ shown }) => {
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
          <a class="button plain" href="/app/statement">
            Clear
          </a>
        )}
      </form>
    </search>
  );
};

export const statementPage: Page = {
  path: '/statement',
  scope: 'wallet:read',
  get: async (visit) => {
    const days = daysOf(visit);
    const query = given({ limit: LINES, cursor: queryOf(visit, 'cursor'), ...queryFor(days) });
    const [{ balance, currency }, { data, nextCursor }, totals] = await Promise.all([
      visit.v1.GET('/v1/balance'),
      visit.v1.GET('/v1/statement', { params: { query } }),
      totalsOf(visit, days),
    ]);
    const isWhole = days.from === undefined && days.to === undefined;
    const body = (
      <>
        <Heading text="Statement">
          <a class="button plain" href={statementAddress(days, '/app/statement/csv')}>
            As CSV
          </a>
          <p>
            Balance{' '}
            <b>
              <Amount of={balance} currency={currency} />
            </b>
          </p>
        </Heading>
        <DayFilter shown={days} />
        {totals === undefined ? '' : <Totals of={totals} />}
        {data.length === 0 ? (
          <Empty>
            <p>
              {isWhole
                ? 'No money has moved yet. Your panel puts money into the wallet.'
                : 'No money moved in these days.'}
            </p>
          </Empty>
        ) : (
          <Table columns={COLUMNS} caption="Movements of the wallet, newest first">
            {data.map(({ line, kind, note, order, amount, balance: after, at }) => (
              <Row
                columns={COLUMNS}
                cells={[
                  line,
                  note === null ? KINDS[kind] : `${KINDS[kind]} · ${note}`,
                  order === null ? <span class="quiet">–</span> : <a href={`/app/orders/${order}`}>{order}</a>,
                  <Amount of={amount} />,
                  <Amount of={after} />,
                  <Booked at={at} />,
                ]}
              />
            ))}
          </Table>
        )}
        <Pager here={new URL(visit.c.req.url)} next={nextCursor} />
      </>
    );
    return { title: 'Statement', body };
  },
};

/** The movements of the shown days, as a file. */
export const statementCsv: Page = {
  path: '/statement/csv',
  scope: 'wallet:read',
  get: (visit) => visit.v1.csv('/v1/statement', queryFor(daysOf(visit))),
};
