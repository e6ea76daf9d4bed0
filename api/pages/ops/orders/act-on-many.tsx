import type { Child } from 'hono/jsx';
import type { ActionFilter, BulkDryRun } from '../../../../client/openapi.ts';
import { ORDER_ACTIONS, type OrderAction } from '../../../../domain/review/order-actions.ts';
import { keyAfter } from '../../form-key.ts';
import { type Page, queryOf, redirect, textOf, type View, type Visit } from '../../page.ts';
import { idsOf, oneOf } from '../../queries.ts';
import { V1Problem } from '../../v1.ts';
import { count } from '../../view/formats.ts';
import { Empty, Heading, Notice } from '../../view/parts.tsx';
import { Facts } from '../../view/table.tsx';
import { addressOf } from '../links.tsx';
import { type Again, Confirm, Effect, ManyMovedOn, touchesAsShown } from '../many/effect.tsx';
import { ACTION_NAMES } from './actions.ts';
import { actionFilter, filtersOf } from './filters.tsx';

interface Wanted {
  readonly action: OrderAction;
  /** The orders that were marked, or the filter that all match. */
  readonly of: { readonly ids: number[] } | { readonly filter: ActionFilter };
}

function wantedBy(visit: Visit): Wanted | undefined {
  const action = oneOf(ORDER_ACTIONS, queryOf(visit, 'action'));
  const filter = queryOf(visit, 'of') === 'filter' ? actionFilter(visit) : undefined;
  const ids = idsOf(visit.c.req.queries('id') ?? []);
  if (action === undefined) return undefined;
  if (filter !== undefined) return { action, of: { filter } };
  // A list of marked orders never becomes all orders of the filter.
  return queryOf(visit, 'of') === 'selected' && ids.length > 0 ? { action, of: { ids } } : undefined;
}

/** What the action would touch, as v1 says; it changes nothing. */
async function dryRun({ v1 }: Visit, { action, of }: Wanted): Promise<BulkDryRun> {
  const input = { body: { ...of, action, dryRun: true }, idempotencyKey: 'dry run' };
  const answer = await v1.POST('/v1/admin/orders/actions', input);
  if (!('dryRun' in answer)) throw new TypeError('a dry run was answered as a decision');
  return answer;
}

const NOTHING = {
  title: 'Act on many orders',
  body: (
    <Empty>
      <p>No order is selected.</p>
      <a href="/ops/orders">Select orders, or filter them</a>
    </Empty>
  ),
};

async function actView(visit: Visit, wanted: Wanted, error?: Child, again?: Again): Promise<View> {
  const { action, of } = wanted;
  const effect = await dryRun(visit, wanted);
  const name = ACTION_NAMES[action];
  const { order: _, ...filters } = filtersOf(visit);
  const body = (
    <>
      <Heading text={`${name}: ${'ids' in of ? `${count(of.ids.length)} selected orders` : 'all orders that match'}`}>
        <a class="button plain" href={addressOf('/ops/orders', filters)}>
          Back to the list
        </a>
      </Heading>
      {error === undefined ? '' : <Notice kind="error">{error}</Notice>}
      {'filter' in of ? <Facts of={Object.entries(of.filter).map(([field, value]) => [field, String(value)])} /> : ''}
      <Effect effect={effect} />
      {effect.orders === 0 ? (
        <p>The action is possible for none of these orders now.</p>
      ) : (
        <Confirm token={visit.formToken} what={name} effect={effect} again={again} />
      )}
    </>
  );
  return { title: `${name} many orders`, body };
}

/** An action on many orders: shown with its money by the address, carried out by the form. */
export const actOnManyPage: Page = {
  path: '/orders/act',
  get: async (visit) => {
    const wanted = wantedBy(visit);
    return wanted === undefined ? NOTHING : actView(visit, wanted);
  },
  post: async (visit, form) => {
    const wanted = wantedBy(visit);
    if (wanted === undefined) return NOTHING;
    const [reason, key] = [textOf(form, 'reason'), textOf(form, 'key')];
    try {
      if (!touchesAsShown(await dryRun(visit, wanted), form)) {
        const moved = <ManyMovedOn route="orders/actions" />;
        return { ...(await actView(visit, wanted, moved, { reason })), status: 409 };
      }
      const body = { ...wanted.of, action: wanted.action, reason, dryRun: false };
      const answer = await visit.v1.POST('/v1/admin/orders/actions', { body, idempotencyKey: key });
      if ('dryRun' in answer) throw new TypeError('a decision was answered as a dry run');
      return redirect(visit, `/ops/decisions/${answer.id}`);
    } catch (error) {
      if (!(error instanceof V1Problem) || error.status === 401) throw error;
      const again = { reason, key: keyAfter(key, error) };
      return { ...(await actView(visit, wanted, `${error.title}: ${error.detail}`, again)), status: 422 };
    }
  },
};
