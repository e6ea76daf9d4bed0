import type { FC } from 'hono/jsx';
import type { StatementTotals } from '../../../client/openapi.ts';
import { dayAfter } from '../days.ts';
import { type Page, queryOf, type Visit } from '../page.ts';
import { given } from '../queries.ts';
import { V1Problem } from '../v1.ts';
import { Amount, Empty, Heading, Pager } from '../view/parts.tsx';
import { DayFilter, type Days, daysOf, daysQuery, Movements } from '../view/statement.tsx';
import { Facts } from '../view/table.tsx';

const LINES = 50;

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

export const statementPage: Page = {
  path: '/statement',
  scope: 'wallet:read',
  get: async (visit) => {
    const days = daysOf(visit);
    const query = given({ limit: LINES, cursor: queryOf(visit, 'cursor'), ...daysQuery(days) });
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
        <DayFilter shown={days} whole="/app/statement" />
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
          <Movements lines={data} orders="/app/orders" />
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
  get: (visit) => visit.v1.csv('/v1/statement', daysQuery(daysOf(visit))),
};
