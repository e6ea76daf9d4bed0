import type { FC } from 'hono/jsx';
import type { Visit } from '../page.ts';
import { V1Problem } from '../v1.ts';
import { Heading } from '../view/parts.tsx';
import { type Column, Row, Table } from '../view/table.tsx';

/** What can be done to many orders at once. */
export const BULK_ACTIONS = [
  { action: 'cancel', text: 'Cancel selected' },
  { action: 'refill', text: 'Refill selected' },
] as const;
type BulkAction = (typeof BULK_ACTIONS)[number]['action'];

export const isBulkAction = (text: string): text is BulkAction => BULK_ACTIONS.some(({ action }) => action === text);

/** What became of one order. */
interface BulkResult {
  readonly id: number;
  readonly isDone: boolean;
  readonly text: string;
}

async function actOn({ v1 }: Visit, action: BulkAction, id: number, key: string): Promise<string> {
  const input = { params: { path: { id } }, idempotencyKey: `${key}-${id}` };
  if (action === 'cancel') return (await v1.POST('/v1/orders/{id}/cancel', input)).message;
  const { id: refill } = await v1.POST('/v1/orders/{id}/refills', input);
  return `refill ${refill} is requested`;
}

/** Acts on each order; one that refuses stops no other. `key` comes from the form, so a form sent twice does nothing twice. */
export const actOnMany = (
  visit: Visit,
  action: BulkAction,
  ids: readonly number[],
  key: string,
): Promise<BulkResult[]> =>
  Promise.all(
    ids.map(async (id) => {
      try {
        return { id, isDone: true, text: await actOn(visit, action, id, key) };
      } catch (error) {
        if (error instanceof V1Problem && error.code !== 'unauthorized')
          return { id, isDone: false, text: error.detail };
        throw error;
      }
    }),
  );

const COLUMNS: readonly Column[] = [{ name: 'Order' }, { name: 'Result' }, { name: 'What happens' }];

export const BulkResults: FC<{ action: BulkAction; results: readonly BulkResult[] }> = ({ action, results }) => {
  const done = results.filter(({ isDone }) => isDone).length;
  return (
    <>
      <Heading text={`${action === 'cancel' ? 'Cancel' : 'Refill'}: ${done} of ${results.length} accepted`}>
        <a class="button" href="/app/orders">
          Back to the orders
        </a>
      </Heading>
      <Table columns={COLUMNS} caption="Results">
        {results.map(({ id, isDone, text }) => (
          <Row
            columns={COLUMNS}
            cells={[
              <a href={`/app/orders/${id}`}>{id}</a>,
              <span class={`badge ${isDone ? 'is-completed' : 'is-refused'}`}>{isDone ? 'accepted' : 'refused'}</span>,
              text,
            ]}
          />
        ))}
      </Table>
    </>
  );
};
