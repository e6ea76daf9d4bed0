import { z } from '@hono/zod-openapi';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { cancelUpdate, pauseUpdate, resumeUpdate } from '../../workflows/contract.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { fieldErrors } from '../http/field-errors.ts';
import { InvalidRequest } from '../http/problems.ts';
import { repeatable } from '../idempotency/idempotency.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, idParam, jsonBody, NO_CONTROLS, reasonText } from '../v1/schemas.ts';
import { askOrder, byCustomer } from './ask-order.ts';
import { askManyOrders, manyOrdersBody, manyOrdersRow } from './many-orders.ts';
import { ownOrder } from './own-order.ts';

/** The order's workflow accepted the request, and acts on it later. */
export const acceptedSchema = z
  .object({
    id: z.int(),
    accepted: z.literal(true),
    message: z.string().openapi({ description: 'A sentence that says what happens next' }),
  })
  .openapi('Accepted');

/** Keeps the order of the fields the same for a first answer and a stored one. */
export const acceptedView = ({ id, message }: { readonly id: number; readonly message: string }) => ({
  id,
  accepted: true as const,
  message,
});

/** Written as plain JSON schema, because zod's validator refuses an empty body as broken JSON. `readReason` reads it. */
export const reasonBody = {
  required: false,
  content: {
    'application/json': {
      schema: {
        type: 'object',
        properties: { reason: { type: 'string', maxLength: 200, pattern: NO_CONTROLS } },
        additionalProperties: false,
      },
    },
  },
} as const;

const reasonSchema = z.strictObject({ reason: reasonText.optional() });

/**
 * The reason in a body; an empty body gives none, whatever its content type.
 * @throws Refusal `malformed_body`, or InvalidRequest.
 */
export async function readReason(c: ApiContext): Promise<z.output<typeof reasonSchema>> {
  const text = await c.req.text();
  if (text.trim() === '') return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Refusal('malformed_body');
  }
  const read = reasonSchema.safeParse(body);
  if (read.success) return read.data;
  throw new InvalidRequest(fieldErrors(read.error));
}

const UPDATES = { cancel: cancelUpdate, pause: pauseUpdate, resume: resumeUpdate };

/** Sends a customer's request to the workflow of the order. */
async function requestAction(deps: Deps, c: ApiContext, id: string, action: keyof typeof UPDATES) {
  const { accountId } = c.get('caller');
  const { reason } = await readReason(c);
  const message = { by: byCustomer(accountId), ...(reason === undefined ? {} : { reason }) };
  const accepted = await repeatable(c, deps, { id, reason }, async (updateId) => {
    const order = await ownOrder(deps, c, id);
    const sentence = await askOrder(deps, { asker: accountId, order, update: UPDATES[action], message, updateId });
    return { id: order.id, message: sentence };
  });
  return acceptedView(accepted);
}

const tags = ['orders'];
const request = { params: idParam, body: reasonBody };
const responses = answersWith(202, 'The request was accepted', acceptedSchema);

const cancel = defineRoute(
  {
    method: 'post',
    path: '/v1/orders/{id}/cancel',
    scope: 'orders:write',
    idempotency: 'optional',
    tags,
    summary: 'Cancel an order',
    description:
      'If nothing of the order was sent, it ends at once and is refunded in full. Otherwise Holdfast asks the provider to stop, and refunds the rest when the provider says what it delivered.',
    request,
    responses,
  },
  async (c, deps) => c.json(await requestAction(deps, c, c.req.valid('param').id, 'cancel'), 202),
);

const manyCanceled = z
  .object({
    data: z.array(
      z.object({
        ...manyOrdersRow,
        message: z.string().nullable().openapi({ description: 'A sentence that says what happens next' }),
      }),
    ),
  })
  .openapi('ManyCanceled');

const cancelMany = defineRoute(
  {
    method: 'post',
    path: '/v1/orders/cancel',
    scope: 'orders:write',
    idempotency: 'required',
    tags,
    summary: 'Cancel many orders, each with its own answer',
    description:
      'As `POST /v1/orders/{id}/cancel` for each id. An order that cannot be canceled, or that is not yours, is refused in its own row and stops no other.',
    request: { body: jsonBody(manyOrdersBody) },
    responses: answersWith(200, 'A row for each id, in the order asked', manyCanceled),
  },
  async (c, deps) => {
    const body = c.req.valid('json');
    const { reason } = body;
    const { accountId } = c.get('caller');
    const message = { by: byCustomer(accountId), ...(reason === undefined ? {} : { reason }) };
    const rows = await askManyOrders(c, deps, body, (order, updateId) =>
      askOrder(deps, { asker: accountId, order, update: cancelUpdate, message, updateId }),
    );
    return c.json({ data: rows.map(({ answer, ...row }) => ({ ...row, message: answer })) }, 200);
  },
);

const pause = defineRoute(
  {
    method: 'post',
    path: '/v1/orders/{id}/pause',
    scope: 'orders:write',
    idempotency: 'optional',
    tags,
    summary: 'Pause an order',
    description: `Until the order is resumed, Holdfast sends nothing more for it and its clocks stand still. The reasons private, throttled, overloaded and deleted are shown as the \`reason\` of the order. The next pause of the order is possible ${LIMITS.pauseAgainMinutes} minutes after this one.`,
    request,
    responses,
  },
  async (c, deps) => c.json(await requestAction(deps, c, c.req.valid('param').id, 'pause'), 202),
);

const resume = defineRoute(
  {
    method: 'post',
    path: '/v1/orders/{id}/resume',
    scope: 'orders:write',
    idempotency: 'optional',
    tags,
    summary: 'Resume a paused order',
    description: 'Runs that fell due during the pause are not sent in a burst: the rest of the schedule shifts.',
    request,
    responses,
  },
  async (c, deps) => c.json(await requestAction(deps, c, c.req.valid('param').id, 'resume'), 202),
);

export const orderActionRoutes = [cancelMany, cancel, pause, resume];
