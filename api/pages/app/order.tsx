import { randomUUID } from 'node:crypto';
import type { FC } from 'hono/jsx';
import type { Order } from '../../../client/openapi.ts';
import { Refusal } from '../../../domain/errors.ts';
import { readId } from '../../v1/ids.ts';
import { streamParts } from '../live/parts-stream.ts';
import { type Page, redirect, textOf, type Visit } from '../page.ts';
import { V1Problem } from '../v1.ts';
import { markupOf } from '../view/document.ts';
import { Field, Heading, inputOf, Notice, PostForm } from '../view/parts.tsx';
import { askFor, isOrderAction, ORDER_ACTIONS, type OrderAction, whyNot } from './order-actions.ts';
import { curlOf } from './order-curl.ts';
import { type OrderParts, PartsOfOrder } from './order-parts.tsx';
import { readOrder } from './orders-read.ts';
import { nameOf, offeredServices } from './services-read.ts';

/** Events that the page shows. */
const EVENTS = 100;

const idOf = ({ c }: Visit): number => {
  const id = readId(c.req.param('id') ?? '');
  if (id === undefined) throw new Refusal('order_not_found');
  return id;
};

async function readParts(visit: Visit, id: number): Promise<OrderParts> {
  const params = { path: { id } };
  const [order, delivery, events, services] = await Promise.all([
    readOrder(visit, id),
    visit.v1.GET('/v1/orders/{id}/delivery', { params }),
    visit.v1.GET('/v1/orders/{id}/timeline', { params: { ...params, query: { limit: EVENTS } } }),
    offeredServices(visit),
  ]);
  return { order, delivery, events: events.data, service: nameOf(services, order.service) };
}

const NAMES: Readonly<Record<OrderAction, string>> = {
  cancel: 'Cancel',
  pause: 'Pause',
  resume: 'Resume',
  refill: 'Refill',
};

/** A button that opens a form with a reason. */
const Act: FC<{ id: number; action: OrderAction; token: string }> = ({ id, action, token }) => {
  const field = { name: `${action}-reason`, label: 'Reason (optional)' };
  return (
    <details class="act">
      <summary>{NAMES[action]}…</summary>
      <PostForm token={token} class="stack">
        <input type="hidden" name="do" value={action} />
        <input type="hidden" name="key" value={randomUUID()} />
        <Field {...field}>
          <input {...inputOf(field)} name="reason" maxlength={200} />
        </Field>
        <button type="submit" class={action === 'cancel' ? 'danger' : ''}>
          {NAMES[action]} order {id}
        </button>
      </PostForm>
    </details>
  );
};

/** What can be asked of the order, and what cannot, with the reason. */
const Actions: FC<{ order: Order; token: string; apiUrl: string }> = ({ order, token, apiUrl }) => {
  const judged = ORDER_ACTIONS.map((action) => ({ action, why: whyNot(order, action) }));
  const refused = judged.filter(({ why }) => why !== undefined);
  return (
    <div class="actions">
      {judged.map(({ action, why }) => (why === undefined ? <Act id={order.id} action={action} token={token} /> : ''))}
      <details class="act">
        <summary>Copy as curl</summary>
        <pre id="curl">{curlOf(apiUrl, order)}</pre>
        <button type="button" class="plain" data-needs-script data-copies="#curl">
          Copy
        </button>
      </details>
      {refused.length === 0 ? (
        ''
      ) : (
        <details class="act">
          <summary class="quiet">Not possible now: {refused.map(({ action }) => action).join(', ')}</summary>
          <ul>
            {refused.map(({ action, why }) => (
              <li>
                {NAMES[action]}: {why}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
};

async function orderView(visit: Visit, id: number, error?: string) {
  const parts = await readParts(visit, id);
  const { order } = parts;
  const body = (
    <>
      <Heading text={`Order ${id}`}>
        <p class="live" aria-live="polite" data-needs-script data-live={`/app/orders/${id}/live`}>
          connecting…
        </p>
      </Heading>
      {error === undefined ? '' : <Notice kind="error">{error}</Notice>}
      <Actions order={order} token={visit.formToken} apiUrl={new URL(visit.c.req.url).origin} />
      <PartsOfOrder {...parts} />
    </>
  );
  return { title: `Order ${id}`, body, assets: ['uplot.css', 'uplot.js', 'chart.js'] as const };
}

export const orderPage: Page = {
  path: '/orders/:id',
  get: (visit) => orderView(visit, idOf(visit)),
  post: async (visit, form) => {
    const id = idOf(visit);
    const action = textOf(form, 'do');
    if (!isOrderAction(action)) throw new Refusal('invalid_request', 'the form asks for an action that does not exist');
    try {
      const said = await askFor(visit, id, action, { reason: textOf(form, 'reason'), key: textOf(form, 'key') });
      return redirect(visit, `/app/orders/${id}`, `${NAMES[action]}: ${said}.`);
    } catch (error) {
      if (!(error instanceof V1Problem) || [401, 404].includes(error.status)) throw error;
      // The page shows the order as it is now beside the reason.
      return { ...(await orderView(visit, id, `${NAMES[action]}: ${error.detail}.`)), status: 409 };
    }
  },
};

/** The parts of an order's page, live. */
export const orderLive: Page = {
  path: '/orders/:id/live',
  get: async (visit) => {
    const id = idOf(visit);
    await readOrder(visit, id);
    return streamParts(visit, [id], async () => markupOf(<PartsOfOrder {...(await readParts(visit, id))} />));
  },
};
