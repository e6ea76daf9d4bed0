import type { FC } from 'hono/jsx';
import type { Refill } from '../../../../client/openapi.ts';
import { count } from '../../view/formats.ts';
import { Status, Time } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';

const COLUMNS: readonly Column[] = [
  { name: 'Refill' },
  { name: 'Order' },
  { name: 'Status' },
  { name: 'Missing', kind: 'number' },
  { name: 'Why' },
  { name: 'Asked', kind: 'number' },
  { name: 'Ended', kind: 'number' },
];

/** Refills, newest first. */
export const RefillTable: FC<{ refills: readonly Refill[] }> = ({ refills }) => (
  <Table columns={COLUMNS} caption="Refills">
    {refills.map(({ id, order, status, missing, reason, rejection, requestedAt, endedAt }) => (
      <Row
        columns={COLUMNS}
        cells={[
          id,
          <a href={`/app/orders/${order}`}>{order}</a>,
          <Status status={status} />,
          missing === null ? <span class="quiet">not counted</span> : count(missing),
          rejection ?? reason ?? <span class="quiet">–</span>,
          <Time at={requestedAt} />,
          <Time at={endedAt} />,
        ]}
      />
    ))}
  </Table>
);
