import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowHandle,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { readOrder } from '../../db/order/orders.ts';
import {
  askLater,
  type BulkOrder,
  type BulkRow,
  cancelBulkResolution,
  endBulkResolution,
  endOrder,
  findBulkResolution,
  nextOrders,
} from '../../db/review/bulk-resolutions.ts';
import { DEADLINES, LIMITS } from '../../domain/limits.ts';
import type { Answer } from '../../domain/order/asks.ts';
import { isFinal, type OrderStatus } from '../../domain/order/status.ts';
import { isAsk } from '../../domain/review/order-actions.ts';
import { allowedResolutions, type Resolution, readResolution } from '../../domain/review/resolution.ts';
import { proofOf } from '../../net/ask-proof.ts';
import {
  answerIn,
  BULK_RESOLUTION_WORKFLOW,
  bulkAskId,
  bulkResolutionId,
  cancelUpdate,
  orderWorkflowId,
  type PersonMessage,
  pauseUpdate,
  type ResolveMessage,
  refillUpdate,
  resolveUpdate,
  resumeUpdate,
  TASK_QUEUE,
} from '../../workflows/contract.ts';
import type { Deps } from '../runtime/deps.ts';
import { inParallel } from '../runtime/parallel.ts';

/** Orders that one activity decides about. */
const ORDERS = 50;
/** Orders that it decides about at the same time: few, because other orders need the worker's slots too. */
const AT_ONCE = 5;

/** Attempts to ask a workflow that does not answer, and the seconds before the second attempt; each wait is longer. */
const ASKS = 5;
const ASK_AGAIN_SECONDS = 5;

const noLonger = (status: OrderStatus): string => `it no longer waits for a person: ${status}`;

/** Why an order is not asked at all: it no longer waits for a person, or for another reason than when the decision was made. */
function whyNot({ resolution }: BulkRow, order: BulkOrder): string | undefined {
  const { status, attention, wasFor, open } = order;
  if (status === null || attention === null) return 'there is no such order';
  if (isAsk(resolution)) return undefined;
  const { action } = resolution;
  if (attention === 'none') return noLonger(status);
  if (attention !== wasFor) return `its attention was ${wasFor} when this was decided, and is ${attention} now`;
  if (!allowedResolutions(attention).includes(action))
    return `${action} is not possible while the attention is ${attention}`;
  if (attention === 'uncertain' && open.length === 0) return 'its uncertain attempts have been decided since';
  return undefined;
}

/** A message for an order's workflow. `send` sends it with its proof, as the update of its kind. */
interface Asked {
  readonly update: string;
  readonly message: PersonMessage;
  readonly send: (order: WorkflowHandle, proof: string, updateId: string) => Promise<Answer>;
}

const asked = <M extends PersonMessage>(update: UpdateDefinition<Answer, [M]>, message: M): Asked => ({
  update: update.name,
  message,
  send: (order, proof, updateId) =>
    order.executeUpdate<Answer, [M]>(update, { args: [{ ...message, proof }], updateId }),
});

const UPDATES = { cancel: cancelUpdate, pause: pauseUpdate, resume: resumeUpdate, refill: refillUpdate } as const;

/** What the order's workflow is asked; a sentence when the decision does not fit the order. */
function asksOf(bulk: BulkRow, order: BulkOrder): Asked[] | string {
  const { resolution, actor, reason } = bulk;
  const said = { by: actor, ...(reason === '' ? {} : { reason }) };
  if (isAsk(resolution)) return [asked<PersonMessage>(UPDATES[resolution.ask], said)];
  const messages = resolveMessages(resolution, said, order);
  return typeof messages === 'string' ? messages : messages.map((message) => asked(resolveUpdate, message));
}

/** The messages of a resolution: for an uncertain order, one for each attempt that was uncertain at the decision. */
function resolveMessages(resolution: Resolution, said: PersonMessage, order: BulkOrder): ResolveMessage[] | string {
  const read = readResolution(resolution, order.totalQuantity);
  if (typeof read === 'string') return read;
  const { action } = read;
  if (order.wasFor !== 'uncertain' || (action !== 'cancel' && action !== 'notPlaced')) return [{ ...read, ...said }];
  // On a repeat the workflow may have decided some attempts already: for these it gives its first answer again.
  const attempts = order.tries === 0 ? order.open : order.attempts;
  return attempts.map(({ batch, attempt }) => ({ action, batch, attempt, ...said }));
}

/** One result for several answers of an order. */
function resultOf(answers: readonly Answer[]): { readonly status: 'decided' | 'refused'; readonly message: string } {
  const message = [...new Set(answers.map((answer) => answer.message))].join('; ').slice(0, 500);
  return { status: answers.some(({ ok }) => ok) ? 'decided' : 'refused', message };
}

/** Ensures that every open decision has its workflow: the API may have died between storing a decision and starting it. */
export async function ensureBulkResolution(temporal: Client, bulkId: number): Promise<void> {
  try {
    await temporal.workflow.start(BULK_RESOLUTION_WORKFLOW, {
      taskQueue: TASK_QUEUE,
      workflowId: bulkResolutionId(bulkId),
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [{ bulkId }],
      staticSummary: `Carries out decision ${bulkId} of staff`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

export function createBulkResolutionActivities({ sql, temporal, log, masterKey }: Deps) {
  /** Asks an order's workflow, which answers a repeat with its first answer. The proof shows that the API asked. */
  async function ask(bulkId: number, orderId: number, { update, message, send }: Asked): Promise<Answer> {
    const batch = 'batch' in message ? Number(message.batch ?? 0) : 0;
    const proof = proofOf(masterKey, { orderId, update, message }, Date.now() + LIMITS.askProofHours * 3_600_000);
    const handle = temporal.workflow.getHandle(orderWorkflowId(orderId));
    const ask = () => send(handle, proof, bulkAskId(bulkId, batch));
    return temporal.withDeadline(Date.now() + DEADLINES.place, ask).catch((error: unknown) => {
      const answer = answerIn<Answer>(error);
      if (answer === undefined) throw error;
      return answer;
    });
  }

  async function decide(bulk: BulkRow, order: BulkOrder): Promise<void> {
    const end = (status: 'decided' | 'refused' | 'unanswered', message: string) =>
      endOrder(sql, bulk.id, order.order, status, message);
    // After an unanswered ask, this decision may have changed the order already: only the order's workflow knows.
    const why = order.tries === 0 ? whyNot(bulk, order) : undefined;
    if (why !== undefined) return end('refused', why);
    const asks = asksOf(bulk, order);
    if (typeof asks === 'string') return end('refused', asks);
    try {
      const answers: Answer[] = [];
      for (const one of asks) answers.push(await ask(bulk.id, order.order, one));
      const { status, message } = resultOf(answers);
      await end(status, message);
    } catch (error) {
      log.warn({ order: order.order, bulk: bulk.id, why: String(error) }, 'an order did not answer a decision');
      const gone = error instanceof WorkflowNotFoundError;
      const now = await readOrder(sql, order.order);
      // If this decision had ended the order, its workflow would have answered so: something else ended the order.
      if (gone && isAsk(bulk.resolution) && now !== undefined && isFinal(now.status))
        return end('refused', `it has ended: ${now.status}`);
      if (gone && !isAsk(bulk.resolution) && now?.attention === 'none') return end('refused', noLonger(now.status));
      if (order.tries + 1 < ASKS) {
        return askLater(sql, bulk.id, order.order, ASK_AGAIN_SECONDS * (order.tries + 1));
      }
      await end(
        'unanswered',
        gone ? 'its workflow does not run' : 'its workflow did not answer in time: check whether the order was decided',
      );
    }
  }

  return {
    /** Decides about the next orders; returns the seconds until there is more to do, or null when nothing is left. */
    async resolveOrders(bulkId: number): Promise<number | null> {
      const bulk = await findBulkResolution(sql, bulkId);
      if (bulk === undefined) return null;
      const { orders, waitSeconds } = await nextOrders(sql, bulkId, ORDERS);
      if (waitSeconds === null) {
        await endBulkResolution(sql, bulkId);
        return null;
      }
      await inParallel(orders, AT_ONCE, (order) => decide(bulk, order));
      return orders.length > 0 ? 0 : Math.ceil(Math.max(waitSeconds, 1));
    },

    /** Cancels the decision for the orders that were not asked yet; returns how many. */
    cancelOrders: (bulkId: number): Promise<number> => cancelBulkResolution(sql, bulkId),
  };
}
