import { readSmallId } from '../../../v1/ids.ts';
import type { Page, Visit } from '../../page.ts';
import { Heading, Pager } from '../../view/parts.tsx';
import {
  DayFilter,
  daysOf,
  daysQuery,
  linesQuery,
  Movements,
  StatementActs,
  statementAddress,
} from '../../view/statement.tsx';

const pathOf = ({ c }: Visit) => ({ id: readSmallId(c.req.param('id') ?? '') });

/** What moved in an account's wallet: the statement that its customer reads. */
export const accountStatementPage: Page = {
  path: '/accounts/:id/statement',
  get: async (visit) => {
    const [days, path] = [daysOf(visit), pathOf(visit)];
    const query = linesQuery(visit);
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
          <StatementActs csv={statementAddress(`${here}/statement/csv`, days)} balance={balance} currency={currency} />
        </Heading>
        <DayFilter shown={days} whole={`${here}/statement`} />
        <Movements lines={data} shown={days} orders="/ops/orders" none="No money has moved yet." />
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
