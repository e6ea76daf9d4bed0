import type { FC } from 'hono/jsx';
import { LIMITS } from '../../../../domain/limits.ts';
import { queryOf, redirect, textOf, type View, type Visit } from '../../page.ts';
import { idsOf } from '../../queries.ts';
import { Empty, Heading } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';
import { idsIn } from './order-filters.tsx';

/** The buttons above the list. Copy and cancel lead to a page of their own: cancel is shown with its money before it is asked. */
export const BULK_ACTIONS = [
  { action: 'copy', text: 'Copy selected' },
  { action: 'refill', text: 'Refill selected' },
  { action: 'cancel', text: 'Cancel selected…' },
] as const;

type BulkAction = 'cancel' | 'refill';

/** The selected orders of a form, at most as many as one request takes. */
const selectedIn = (form: FormData): number[] => idsOf(form.getAll('id')).slice(0, LIMITS.idsPerRequest);

/** The list with the filters that a page for many orders was opened from. */
export const listBehind = (visit: Visit): string => {
  const filters = queryOf(visit, 'back');
  return filters === undefined ? '/app/orders' : `/app/orders?${filters}`;
};

/** The orders of a page for many orders, which its address names. */
export const idsAsked = (visit: Visit): number[] => idsIn(queryOf(visit, 'ids') ?? '').slice(0, LIMITS.idsPerRequest);

/** The heading of a page for many orders, with the way back to their list. */
export const ManyHeading: FC<{ text: string; visit: Visit }> = ({ text, visit }) => (
  <Heading text={text}>
    <a class="button plain" href={listBehind(visit)}>
      Back to the orders
    </a>
  </Heading>
);

/** Said on a page for many orders whose address names none. */
export const NoneSelected: FC = () => (
  <Empty>
    <p>No order is selected.</p>
  </Empty>
);

/** Does what a button above a list says with the selected orders. `list`: the address of the list, with its filters. */
export async function bulkAction(visit: Visit, form: FormData, list: string): Promise<View | Response> {
  const ids = selectedIn(form);
  if (ids.length === 0) return redirect(visit, list, 'Select orders first.', 'error');
  const action = textOf(form, 'do');
  if (action === 'refill') return carryOut(visit, 'refill', form, list);
  const back = new URL(list, visit.c.req.url).search.slice(1);
  const query = new URLSearchParams({ ids: ids.join(), ...(back === '' ? {} : { back }) });
  return redirect(visit, `/app/orders/${action === 'copy' ? 'copy' : 'cancel'}?${query}`);
}

/** Asks the selected orders, and shows what each of them answers. */
export async function carryOut(visit: Visit, action: BulkAction, form: FormData, list: string): Promise<View> {
  const results = await actOnMany(visit, action, selectedIn(form), textOf(form, 'key'));
  return { title: 'Results', body: <BulkResults action={action} results={results} list={list} /> };
}

/** What became of one order. */
interface BulkResult {
  readonly order: number | string;
  readonly status: 'accepted' | 'refused' | 'unknown';
  readonly text: string;
}

/** Acts on each order; one that refuses stops no other. `key` comes from the form, so a form sent twice does nothing twice. */
async function actOnMany(
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

const BulkResults: FC<{ action: BulkAction; results: readonly BulkResult[]; list: string }> = (props) => {
  const { action, results, list } = props;
  const done = results.filter(({ status }) => status === 'accepted').length;
  return (
    <>
      <Heading text={`${action === 'cancel' ? 'Cancel' : 'Refill'}: ${done} of ${results.length} accepted`}>
        <a class="button" href={list}>
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
