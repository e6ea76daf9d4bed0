import { z } from '@hono/zod-openapi';
import { withTimeout } from '../../db/client.ts';
import type { OrderAction } from '../../domain/review/order-actions.ts';
import {
  cancelUpdate,
  pauseUpdate,
  type ResolveMessage,
  resolveUpdate,
  resumeUpdate,
} from '../../workflows/contract.ts';
import { audit } from '../account/audit.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import { repeatable } from '../idempotency/idempotency.ts';
import { askOrder, byStaff } from '../order/ask-order.ts';
import { acceptedSchema, acceptedView } from '../order/order-actions.ts';
import { askForRefill } from '../refill/request-refill.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, idParam, jsonBody, staffReason } from '../v1/schemas.ts';
import { anyOrder } from './admin-orders.ts';

const tags = ['staff'];
const reasonOfStaff = z.strictObject({ reason: staffReason }).openapi('StaffReason');
type Body = z.output<typeof reasonOfStaff>;

const request = { params: idParam, body: jsonBody(reasonOfStaff) };
const common = { method: 'post', scope: 'admin', tags, idempotency: 'optional', request } as const;
const responses = answersWith(202, 'The request was accepted', acceptedSchema);

const UPDATES = { cancel: cancelUpdate, pause: pauseUpdate, resume: resumeUpdate };

/** Sends a request of staff to the workflow of any order, after the audit log has it. */
async function act(deps: Deps, c: ApiContext, id: string, { reason }: Body, action: Exclude<OrderAction, 'refill'>) {
  const taken = await repeatable(c, deps, { id, reason }, async (updateId) => {
    const order = await anyOrder(deps, c, id);
    await withTimeout(QUERY_MS, audit(deps.sql, c, { reason }));
    const message = { by: byStaff(c.get('caller')), reason };
    const ask = { asker: c.get('caller').accountId, order, updateId };
    if (action !== 'redispatch') {
      return { id: order.id, message: await askOrder(deps, { ...ask, update: UPDATES[action], message }) };
    }
    const resolution: ResolveMessage = { action, ...message };
    return { id: order.id, message: await askOrder(deps, { ...ask, update: resolveUpdate, message: resolution }) };
  });
  return acceptedView(taken);
}

const cancel = defineRoute(
  {
    ...common,
    path: '/v1/admin/orders/{id}/cancel',
    summary: 'Cancel an order of any account',
    description: 'As POST /v1/orders/{id}/cancel.',
    responses,
  },
  async (c, deps) => c.json(await act(deps, c, c.req.valid('param').id, c.req.valid('json'), 'cancel'), 202),
);

const pause = defineRoute(
  {
    ...common,
    path: '/v1/admin/orders/{id}/pause',
    summary: 'Pause an order of any account',
    description: 'As POST /v1/orders/{id}/pause.',
    responses,
  },
  async (c, deps) => c.json(await act(deps, c, c.req.valid('param').id, c.req.valid('json'), 'pause'), 202),
);

const resume = defineRoute(
  {
    ...common,
    path: '/v1/admin/orders/{id}/resume',
    summary: 'Resume a paused order of any account',
    description: 'As POST /v1/orders/{id}/resume.',
    responses,
  },
  async (c, deps) => c.json(await act(deps, c, c.req.valid('param').id, c.req.valid('json'), 'resume'), 202),
);

const redispatch = defineRoute(
  {
    ...common,
    path: '/v1/admin/orders/{id}/redispatch',
    summary: 'Send what is missing of an order on the next route',
    description:
      'The provider is asked to stop; what it has not delivered goes to the next route when it says so. Possible while the order is stalled, paused or in review: pause a running order first.',
    responses,
  },
  async (c, deps) => c.json(await act(deps, c, c.req.valid('param').id, c.req.valid('json'), 'redispatch'), 202),
);

const refill = defineRoute(
  {
    ...common,
    path: '/v1/admin/orders/{id}/refills',
    summary: 'Ask for a refill of a Completed order of any account',
    description: 'By the rules of POST /v1/orders/{id}/refills.',
    responses: answersWith(
      202,
      'The refill that was requested',
      z.object({ ...acceptedSchema.shape, refill: z.int() }).openapi('AcceptedRefill'),
    ),
  },
  async (c, deps) => {
    const { id } = c.req.valid('param');
    const { reason } = c.req.valid('json');
    const taken = await repeatable(c, deps, { id, reason }, async (updateId) => {
      const order = await anyOrder(deps, c, id);
      await withTimeout(QUERY_MS, audit(deps.sql, c, { reason }));
      const message = { by: byStaff(c.get('caller')), reason };
      const asked = await askForRefill(deps, { asker: c.get('caller').accountId, order, message, updateId });
      return { id: order.id, message: 'the refill is requested', refill: asked };
    });
    return c.json({ ...acceptedView(taken), refill: taken.refill }, 202);
  },
);

export const staffActionRoutes = [cancel, pause, resume, redispatch, refill];
