import { createRoute, z } from '@hono/zod-openapi';
import { cancelUpdate, pauseUpdate, resumeUpdate } from '../../workflows/contract.ts';
import type { ApiContext, Deps } from '../deps.ts';
import { InvalidRequest } from '../http/problems.ts';
import { repeatable } from '../idempotency/idempotency.ts';
import {
  answersWith,
  fieldErrors,
  idParam,
  NO_CONTROLS,
  optionalIdempotencyHeader,
  problemAnswer,
  reasonText,
  routes,
} from '../v1/routes.ts';
import { askOrder, byCustomer } from './ask-order.ts';
import { ownOrder } from './orders.ts';

/** An ask that was taken: what follows from it is a matter of time. */
export const acceptedSchema = z
  .object({
    id: z.int(),
    accepted: z.literal(true),
    message: z.string().openapi({ description: 'What follows, as a sentence' }),
  })
  .openapi('Accepted');

/** The fields in one order, whether the answer is the first or one that was kept. */
export const acceptedView = ({ id, message }: { readonly id: number; readonly message: string }) => ({
  id,
  accepted: true as const,
  message,
});

const ACTIONS = {
  cancel: {
    update: cancelUpdate,
    summary: 'Cancel an order',
    description:
      'Before anything was sent it ends at once, refunded in full. Afterwards the provider is asked to stop, and money returns when it says what it delivered.',
  },
  pause: {
    update: pauseUpdate,
    summary: 'Pause an order',
    description:
      'Nothing further is sent and no clock runs until it is resumed. A reason that is one of the words of `reason` is shown with the order.',
  },
  resume: {
    update: resumeUpdate,
    summary: 'Let a paused order go on',
    description: 'Runs that were due meanwhile do not come in a burst: the rest of the schedule shifts.',
  },
} as const;

/** Written out, and so read by `readAsk` below: to the validator an empty body would be broken JSON. */
export const askBody = {
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

type Action = keyof typeof ACTIONS;

const routeOf = <A extends Action>(action: A) =>
  createRoute({
    method: 'post',
    path: `/v1/orders/{id}/${action}` as const,
    tags: ['orders'],
    summary: ACTIONS[action].summary,
    description: ACTIONS[action].description,
    request: {
      headers: optionalIdempotencyHeader,
      params: idParam,
      body: askBody,
    },
    responses: { ...answersWith(202, 'It was taken', acceptedSchema), default: problemAnswer },
  });

const said = z.strictObject({ reason: reasonText.optional() });

/** The body of an ask; one that is empty says nothing, whatever its content type. */
export async function readAsk(c: ApiContext): Promise<z.output<typeof said>> {
  const text = await c.req.text();
  if (text.trim() === '') return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new InvalidRequest([{ path: '', message: 'the body is not JSON' }]);
  }
  const read = said.safeParse(body);
  if (read.success) return read.data;
  throw new InvalidRequest(fieldErrors(read.error));
}

export function orderActionRoutes(deps: Deps) {
  const act = async (c: ApiContext, id: string, action: Action) => {
    const { accountId } = c.get('caller');
    const { reason } = await readAsk(c);
    const message = { by: byCustomer(accountId), ...(reason === undefined ? {} : { reason }) };
    const taken = await repeatable(c, deps, { id, reason }, async (updateId) => {
      const order = await ownOrder(deps, c, id);
      const answer = await askOrder(deps, { order, update: ACTIONS[action].update, message, updateId });
      return { id: order.id, message: answer };
    });
    return acceptedView(taken);
  };
  return routes()
    .openapi(routeOf('cancel'), async (c) => c.json(await act(c, c.req.valid('param').id, 'cancel'), 202))
    .openapi(routeOf('pause'), async (c) => c.json(await act(c, c.req.valid('param').id, 'pause'), 202))
    .openapi(routeOf('resume'), async (c) => c.json(await act(c, c.req.valid('param').id, 'resume'), 202));
}
