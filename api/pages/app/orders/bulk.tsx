import type { FC } from 'hono/jsx';
import type { Visit } from '../../page.ts';
import { Heading } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';

/** What can be done to many orders at once. */
export const BULK_ACTIONS = [
  { action: 'cancel', text: 'Cancel selected' },
  { action: 'refill', text: 'Refill selected' },
] as const;
type BulkAction = (typeof BULK_ACTIONS)[number]['action'];

export const isBulkAction = (text: string): text is BulkAction => BULK_ACTIONS.some(({ action }) => action === text);

/** What became of one order. */
interface BulkResult {
  readonly order: number | string;
  readonly status: 'accepted' | 'refused' | 'unknown';
  readonly text: string;
}

/** Acts on each order; one that refuses stops no other. `key` comes from the form, so a form sent twice does nothing twice. */
export async function actOnMany(
  { v1 }: Visit,
  action: BulkAction,
  orders: readonly number[],
  key: string,
): Promise<BulkResult[]> {
  const input = { body: { orders: [...orders] }, idempotencyKey: key };
  if (action === 'cancel') {
    const { data } = await v1.POST('/v1/orders/cancel', input);
    return data.map(({ order, status, message, error }) => ({ order, status, text: message ?? error?.detail ?? '' }));
  }
  const { data } = await v1.POST('/v1/orders/refills', input);
  return data.map(({ order, status, refill, error }) => ({
    order,
    status,
    text: refill === null ? (error?.detail ?? '') : `refill ${refill.id} is requested`,
  }));
}

const COLUMNS: readonly Column[] = [{ name: 'Order' }, { name: 'Result' }, { name: 'What happens' }];

export const BulkResults: FC<{ action: BulkAction; results: readonly BulkResult[] }> = ({ action, results }) => {
  const done = results.filter(({ status }) => status === 'accepted').length;
  return (
    <>
      <Heading text={`${action === 'cancel' ? 'Cancel' : 'Refill'}: ${done} of ${results.length} accepted`}>
        <a class="button" href="/app/orders">
          Back to the orders
        </a>
      </Heading>
      <Table columns={COLUMNS} caption="Results">
        {results.map(({ order, status, text }) => (
          <Row
            columns={COLUMNS}
            cells={[
              <a href={`/app/orders/${order}`}>{order}</a>,
              <span class={`badge is-${status}`}>{status}</span>,
              text,
            ]}
          />
        ))}
      </Table>
    </>
  );
};
