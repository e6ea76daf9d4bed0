import type { ReorderCandidates } from '../../../../client/openapi.ts';
import { Refusal } from '../../../../domain/errors.ts';
import { readSmallId } from '../../../v1/ids.ts';
import { type RefusedForm, refusedBy, statusAfter } from '../../form-key.ts';
import { streamParts } from '../../live/parts-stream.ts';
import { may, type Page, redirect, siteOf, textOf, type Visit } from '../../page.ts';
import { V1Problem } from '../../v1.ts';
import { markupOf } from '../../view/document.ts';
import { Heading, Notice } from '../../view/parts.tsx';
import { measuredOf, readOrder } from '../orders/orders-read.ts';
import { nameOf, offeredServices } from '../services/services-read.ts';
import { ACTION_NAMES, askFor, isOrderAction } from './order-actions.ts';
import { type OrderParts, PartsOfOrder } from './order-parts.tsx';
import { idOf, readEvents } from './order-read.ts';

/** Where the rest of an order can be ordered again; none when that is refused, as after the first time. */
async function readCandidates({ v1 }: Visit, id: number): Promise<ReorderCandidates['data']> {
  try {
    return (await v1.GET('/v1/orders/{id}/reorder', { params: { path: { id } } })).data;
  } catch (error) {
    if (error instanceof V1Problem && error.status === 409) return [];
    throw error;
  }
}

async function readParts(visit: Visit, id: number): Promise<OrderParts> {
  const params = { path: { id } };
  const [order, money, delivery, events, refills, services] = await Promise.all([
    readOrder(visit, id),
    visit.v1.GET('/v1/orders/{id}/money', { params }),
    visit.v1.GET('/v1/orders/{id}/delivery', { params }),
    readEvents(visit, id),
    visit.v1.GET('/v1/orders/{id}/refills', { params }),
    offeredServices(visit),
  ]);
  return {
    order,
    measured: (await measuredOf(visit, [order])).get(order.service),
    candidates: order.can.reorder.allowed ? await readCandidates(visit, id) : [],
    money,
    delivery,
    events: events.data,
    olderEvents: events.nextCursor,
    refills: refills.data,
    service: nameOf(services, order.service),
    type: services.get(order.service)?.type ?? '',
    token: visit.formToken,
    may: (scope) => may(visit, scope),
    apiUrl: siteOf(visit),
  };
}

async function orderView(visit: Visit, id: number, error?: string, refused?: RefusedForm) {
  const parts = await readParts(visit, id);
  const body = (
    <>
      <Heading text={`Order ${id}`}>
        {refused === undefined ? (
          <p class="live" aria-live="polite" data-needs-script data-live={`/app/orders/${id}/live`}>
            connecting…
          </p>
        ) : (
          // Live parts would empty the refused form.
          ''
        )}
      </Heading>
      {error === undefined ? '' : <Notice kind="error">{error}</Notice>}
      <PartsOfOrder {...parts} refused={refused} />
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
      const ask = {
        reason: textOf(form, 'reason'),
        service: readSmallId(textOf(form, 'service')),
        key: textOf(form, 'key'),
      };
      const { text, order } = await askFor(visit, id, action, ask);
      return redirect(visit, `/app/orders/${order}`, `${ACTION_NAMES[action]}: ${text}.`);
    } catch (error) {
      if (!(error instanceof V1Problem) || [401, 404].includes(error.status)) throw error;
      // The page shows the order as it is now beside the reason.
      const said = `${ACTION_NAMES[action]}: ${error.detail}.`;
      return { ...(await orderView(visit, id, said, refusedBy(form, error))), status: statusAfter(error) };
    }
  },
};

/** The parts of an order's page, live. */
export const orderLive: Page = {
  path: '/orders/:id/live',
  get: async (visit) => {
    const id = idOf(visit);
    await readOrder(visit, id);
    return streamParts(visit, { orders: [id] }, async () =>
      markupOf(<PartsOfOrder {...(await readParts(visit, id))} />),
    );
  },
};
