import type { FC } from 'hono/jsx';
import type { Order, OrderMoney } from '../../../../client/openapi.ts';
import { Amount, Booked } from '../../view/parts.tsx';
import { type Column, Facts, Row, Table } from '../../view/table.tsx';

const COLUMNS: readonly Column[] = [
  { name: 'What' },
  { name: 'Reference' },
  { name: 'Wallet', kind: 'number' },
  { name: 'Held', kind: 'number' },
  { name: 'At', kind: 'number' },
];

const KINDS = { hold: 'Held', charge: 'Charged', refund: 'Refunded', correction: 'Given back later' } as const;

/** An effect on the wallet or on what is held; a line that has none shows a dash. */
const Effect: FC<{ of: string }> = ({ of }) => (of === '0' ? <span class="quiet">–</span> : <Amount of={of} />);

/** A movement of the wallet leads to its line of the statement, when the statement can be read. */
const Reference: FC<{ reference: string; line: number | null; hasStatement: boolean }> = ({
  reference,
  line,
  hasStatement,
}) =>
  line === null || !hasStatement ? (
    <span>{reference}</span>
  ) : (
    <a href={`/app/statement?cursor=after-${line + 1}`}>{reference}</a>
  );

/** What an order costs, and the lines of the ledger behind it. */
export const Money: FC<{ order: Order; money: OrderMoney; hasStatement: boolean }> = ({
  order,
  money: { data, sum },
  hasStatement,
}) => {
  const { price, charge, refunded, currency, settledAt } = order;
  return (
    <section id="money" aria-label="Money">
      <h2>Money</h2>
      <Facts
        of={[
          ['Price', <Amount of={price} currency={currency} />],
          [settledAt === null ? 'Held' : 'Charged', <Amount of={charge} currency={currency} />],
          ['Refunded', <Amount of={refunded} currency={currency} />],
        ]}
      />
      <Table columns={COLUMNS} caption="The ledger's lines of this order">
        {data.map(({ kind, wallet, escrow, reference, line, at }) => (
          <Row
            columns={COLUMNS}
            cells={[
              KINDS[kind],
              <Reference reference={reference} line={line} hasStatement={hasStatement} />,
              <Effect of={wallet} />,
              <Effect of={escrow} />,
              <Booked at={at} />,
            ]}
          />
        ))}
        <Row
          columns={COLUMNS}
          cells={[
            <b>Sum</b>,
            '',
            <b>
              <Amount of={sum.wallet} />
            </b>,
            <b>
              <Amount of={sum.escrow} />
            </b>,
            '',
          ]}
        />
      </Table>
    </section>
  );
};
