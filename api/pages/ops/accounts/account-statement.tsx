import { readSmallId } from '../../../v1/ids.ts';
import { type Page, queryOf, type Visit } from '../../page.ts';
import { given } from '../../queries.ts';
import { Amount, Empty, Heading, Pager } from '../../view/parts.tsx';
import { DayFilter, daysOf, daysQuery, Movements } from '../../view/statement.tsx';
import { addressOf } from '../links.tsx';

const LINES = 50;

const pathOf = ({ c }: Visit) => ({ id: readSmallId(c.req.param('id') ?? '') });

/** What moved in an account's wallet: the statement that its customer reads. */
export const accountStatementPage: Page = {
  path: '/accounts/:id/statement',
  get: async (visit) => {
    const [days, path] = [daysOf(visit), pathOf(visit)];
    const query = given({ limit: LINES, cursor: queryOf(visit, 'cursor'), ...daysQuery(days) });
    const [{ id, name, balance, currency }, { data, nextCursor }] = await Promise.all([
      visit.v1.GET('/v1/admin/accounts/{id}', { params: { path } }),
      visit.v1.GET('/v1/admin/accounts/{id}/statement', { params: { path, query } }),
    ]);
    const here = `/ops/accounts/${id}`;
    const title = `Statement of ${name}`;
    const body = (
      <>
        <Heading text={title}>
          <a class="button plain" href={here}>
            The account
          </a>
          <a class="button plain" href={addressOf(`${here}/statement/csv`, { ...days })}>
            As CSV
          </a>
          <p>
            Balance{' '}
            <b>
              <Amount of={balance} currency={currency} />
            </b>
          </p>
        </Heading>
        <DayFilter shown={days} whole={`${here}/statement`} />
        {data.length === 0 ? (
          <Empty>
            <p>
              {days.from === undefined && days.to === undefined
                ? 'No money has moved yet.'
                : 'No money moved in these days.'}
            </p>
          </Empty>
        ) : (
          <Movements lines={data} orders="/ops/orders" />
        )}
        <Pager here={new URL(visit.c.req.url)} next={nextCursor} />
      </>
    );
    return { title, body };
  },
};

/** The movements of the shown days, as a file. */
export const accountStatementCsv: Page = {
  path: '/accounts/:id/statement/csv',
  get: (visit) => visit.v1.csv('/v1/admin/accounts/{id}/statement', daysQuery(daysOf(visit)), pathOf(visit)),
};
