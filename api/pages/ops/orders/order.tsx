import type { LiveOrder } from '../../../../client/openapi.ts';
import { Refusal } from '../../../../domain/errors.ts';
import { ORDER_ACTIONS } from '../../../../domain/review/order-actions.ts';
import { readId } from '../../../v1/ids.ts';
import { type RefusedForm, refusedBy, statusAfter } from '../../form-key.ts';
import { streamParts } from '../../live/parts-stream.ts';
import { type Page, queryOf, redirect, textOf, type View, type Visit } from '../../page.ts';
import { numberOf, oneOf } from '../../queries.ts';
import { V1Problem } from '../../v1.ts';
import { markupOf } from '../../view/document.ts';
import { Heading, Notice } from '../../view/parts.tsx';
import { WorkflowLink } from '../links.tsx';
import { ACTION_NAMES, askFor } from './actions.ts';
import { OrderFile } from './file.tsx';
import { WorkflowState } from './workflow.tsx';

const idOf = ({ c }: Visit): number => {
  const id = readId(c.req.param('id') ?? '');
  if (id === undefined) throw new Refusal('order_not_found');
  return id;
};

const readFile = ({ v1 }: Visit, id: number) => v1.GET('/v1/admin/orders/{id}', { params: { path: { id } } });

/** The answer of the order's workflow, or why there is none. */
async function askWorkflow({ v1 }: Visit, id: number): Promise<LiveOrder | string> {
  try {
    return await v1.GET('/v1/admin/orders/{id}/workflow', { params: { path: { id } } });
  } catch (error) {
    if (!(error instanceof V1Problem) || [401, 404].includes(error.status)) throw error;
    return error.detail;
  }
}

async function orderView(visit: Visit, id: number, error?: string, refused?: RefusedForm): Promise<View> {
  const order = await readFile(visit, id);
  const isAsked = queryOf(visit, 'workflow') === '1';
  const answer = isAsked ? await askWorkflow(visit, id) : undefined;
  const body = (
    <>
      <Heading text={`Order ${id}`}>
        {refused === undefined ? (
          <p class="live" aria-live="polite" data-needs-script data-live={`/ops/orders/${id}/live`}>
            connecting…
          </p>
        ) : (
          // Live parts would empty the refused form.
          ''
        )}
        <WorkflowLink visit={visit} id={id} />
        <a class="button plain" href={`/ops/orders/${id}?workflow=1#workflow`}>
          Ask the workflow
        </a>
      </Heading>
      {error === undefined ? '' : <Notice kind="error">{error}</Notice>}
      {answer === undefined ? '' : <WorkflowState answer={answer} order={order} />}
      <OrderFile order={order} token={visit.formToken} refused={refused} />
    </>
  );
  return { title: `Order ${id}`, body, keys: [['d', 'decide about it']], assets: ['queue.js'] };
}

/** Sets the start count or what remains of a batch; returns what is said about it. */
async function setCounts({ v1 }: Visit, id: number, form: FormData): Promise<string> {
  const [batch, startCount, remains] = ['batch', 'startCount', 'remains'].map((name) => textOf(form, name));
  const set = await v1.POST('/v1/admin/orders/{id}/counts', {
    params: { path: { id } },
    body: {
      batch: numberOf(batch ?? ''),
      ...(startCount ? { startCount: numberOf(startCount) } : {}),
      ...(remains ? { remains: numberOf(remains) } : {}),
      reason: textOf(form, 'reason'),
    },
    idempotencyKey: textOf(form, 'key'),
  });
  return `Batch ${set.batch}: start count ${set.startCount ?? 'not known'}, remains ${set.remains ?? 'not known'}, delivered ${set.delivered}.`;
}

/** Everything that staff need about one order, and what they can do with it. */
export const orderPage: Page = {
  path: '/orders/:id',
  get: (visit) => orderView(visit, idOf(visit)),
  post: async (visit, form) => {
    const id = idOf(visit);
    const wanted = textOf(form, 'do');
    const action = oneOf(ORDER_ACTIONS, wanted);
    if (action === undefined && wanted !== 'counts')
      throw new Refusal('invalid_request', 'the form asks for an action that does not exist');
    try {
      const said =
        action === undefined
          ? await setCounts(visit, id, form)
          : `${ACTION_NAMES[action]}: ${await askFor(visit, id, action, { reason: textOf(form, 'reason'), key: textOf(form, 'key') })}.`;
      return redirect(visit, `/ops/orders/${id}`, said);
    } catch (error) {
      if (!(error instanceof V1Problem) || [401, 404].includes(error.status)) throw error;
      // The page shows the order as it is now beside the reason.
      const view = await orderView(visit, id, `${error.title}: ${error.detail}.`, refusedBy(form, error));
      return { ...view, status: statusAfter(error) };
    }
  },
};

/** The parts of an order's page, live. */
export const orderLive: Page = {
  path: '/orders/:id/live',
  get: async (visit) => {
    const id = idOf(visit);
    await readFile(visit, id);
    return streamParts(visit, { orders: [id] }, async () =>
      markupOf(<OrderFile order={await readFile(visit, id)} token={visit.formToken} />),
    );
  },
};
