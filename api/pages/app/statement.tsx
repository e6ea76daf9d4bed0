import type { FC } from 'hono/jsx';
import type { StatementTotals } from '../../../client/openapi.ts';
import { dayAfter } from '../days.ts';
import type { Page, Visit } from '../page.ts';
import { given } from '../queries.ts';
import { V1Problem } from '../v1.ts';
import { Amount, Heading, Pager } from '../view/parts.tsx';
import {
  DayFilter,
  type Days,
  daysOf,
  daysQuery,
  linesQuery,
  Movements,
  StatementActs,
  statementAddress,
} from '../view/statement.tsx';
import { Facts } from '../view/table.tsx';

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

export const statementPage: Page = {
  path: '/statement',
  scope: 'wallet:read',
  get: async (visit) => {
    const days = daysOf(visit);
    const query = linesQuery(visit);
    const [{ balance, currency }, { data, nextCursor }, totals] = await Promise.all([
      visit.v1.GET('/v1/balance'),
      visit.v1.GET('/v1/statement', { params: { query } }),
      totalsOf(visit, days),
    ]);
    const body = (
      <>
        <Heading text="Statement">
          <StatementActs csv={statementAddress('/app/statement/csv', days)} balance={balance} currency={currency} />
        </Heading>
        <DayFilter shown={days} whole="/app/statement" />
        {totals === undefined ? '' : <Totals of={totals} />}
        <Movements
          lines={data}
          shown={days}
          orders="/app/orders"
          none="No money has moved yet. Your panel puts money into the wallet."
        />
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
  get: (visit) => visit.v1.csv('/v1/statement', daysQuery(daysOf(visit))),
};
