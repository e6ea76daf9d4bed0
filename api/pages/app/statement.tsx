import { type Page, queryOf } from '../page.ts';
import { Amount, Empty, Heading, Pager, Time } from '../view/parts.tsx';
import { type Column, Row, Table } from '../view/table.tsx';

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

export const statementPage: Page = {
  path: '/statement',
  get: async (visit) => {
    const cursor = queryOf(visit, 'cursor');
    const query = { limit: LINES, ...(cursor === undefined ? {} : { cursor }) };
    const [{ balance, currency }, { data, nextCursor }] = await Promise.all([
      visit.v1.GET('/v1/balance'),
      visit.v1.GET('/v1/statement', { params: { query } }),
    ]);
    const body = (
      <>
        <Heading text="Statement">
          <a class="button plain" href="/app/statement/csv">
            As CSV
          </a>
          <p>
            Balance{' '}
            <b>
              <Amount of={balance} currency={currency} />
            </b>
          </p>
        </Heading>
        {data.length === 0 ? (
          <Empty>
            <p>No money has moved yet. Your panel puts money into the wallet.</p>
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
                  <Time at={at} />,
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

/** All movements, as a file. */
export const statementCsv: Page = {
  path: '/statement/csv',
  get: (visit) => visit.v1.csv('/v1/statement', {}),
};
