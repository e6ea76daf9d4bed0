import { WorkflowNotFoundError } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { Caller } from '../../db/account/accounts.ts';
import { withTimeout } from '../../db/client.ts';
import { type OrderRow, readOrder } from '../../db/order/orders.ts';
import { Refusal } from '../../domain/errors.ts';
import { DEADLINES, LIMITS } from '../../domain/limits.ts';
import type { Answer } from '../../domain/order/asks.ts';
import { isFinal, type OrderStatus } from '../../domain/order/status.ts';
import { proofOf } from '../../net/ask-proof.ts';
import { answerIn, type OrderView, orderQuery, orderWorkflowId } from '../../workflows/contract.ts';
import type { Deps } from '../deps.ts';
import { LAST_LOOK_MS } from '../http/timeouts.ts';
import { answerBefore } from '../temporal.ts';

/** Characters of a key's name that are said; what is cut must not be cut in the middle of one. */
const NAME_SAID = 80;

/** Who asks, as the order's timeline has it. */
export const byCustomer = (accountId: number): string => `account ${accountId}`;
export const byStaff = ({ keyName }: Caller): string => `staff: ${[...keyName].slice(0, NAME_SAID).join('')}`;

export interface Ask<M, A> {
  readonly order: Pick<OrderRow, 'id' | 'status' | 'attention'>;
  readonly update: UpdateDefinition<A, [M]>;
  readonly message: M;
  /** Asks with the same id are one. */
  readonly updateId?: string | undefined;
}

/**
 * Asks something of an order's workflow, within DEADLINES.place, and returns its sentence about what follows.
 * @throws Refusal `not_possible` with the workflow's sentence, `order_ended`, or `outcome_unknown` when nobody answered:
 * asking again does no harm.
 */
export async function askOrder<M extends object>(deps: Deps, ask: Ask<M, Answer>): Promise<string> {
  const { order } = ask;
  if (hasEnded(order)) throw ended(order.status);
  const answer = await answerOf(deps, ask).catch(async (error: unknown) => {
    throw await unanswered(deps, order.id, error, 'outcome_unknown');
  });
  if (answer.ok) return answer.message;
  throw (await endedMeanwhile(deps, order.id)) ?? new Refusal('not_possible', answer.message);
}

/**
 * What an order's workflow answers within DEADLINES.place, whether it acts or has rejected what would change nothing; throws what
 * the client of Temporal throws. The message takes the proof along that it comes from here.
 */
export function answerOf<M extends object, A extends Answer>(
  { temporal, config }: Pick<Deps, 'temporal' | 'config'>,
  { order, update, message, updateId }: Ask<M, A>,
): Promise<A> {
  const handle = temporal.workflow.getHandle(orderWorkflowId(order.id));
  const asked = { orderId: order.id, update: update.name, message };
  const proof = proofOf(config.HOLDFAST_MASTER_KEY, asked, Date.now() + LIMITS.askProofHours * 3_600_000);
  const options = { args: [{ ...message, proof }] as [M], ...(updateId === undefined ? {} : { updateId }) };
  const ask = () => handle.executeUpdate<A, [M]>(update, options);
  return answerBefore(temporal, Date.now() + DEADLINES.place, ask).catch((error: unknown) => {
    const answer = answerIn<A>(error);
    if (answer === undefined) throw error;
    return answer;
  });
}

/**
 * The order as its workflow knows it, also after its end for as long as Temporal keeps its history.
 * @throws Refusal `order_ended` when that is over, `unavailable` when nobody answered.
 */
export async function viewOf(deps: Deps, orderId: number): Promise<OrderView> {
  const handle = deps.temporal.workflow.getHandle(orderWorkflowId(orderId));
  try {
    return await answerBefore(deps.temporal, Date.now() + DEADLINES.place, () => handle.query(orderQuery));
  } catch (error) {
    // While a worker is there, an order that has ended is answered as well.
    const gone = error instanceof WorkflowNotFoundError;
    throw gone ? await unanswered(deps, orderId, error, 'unavailable') : nobody(deps, orderId, error, 'unavailable');
  }
}

/** Nothing of it waits for a person either, as a refill may. */
const hasEnded = ({ status, attention }: Pick<OrderRow, 'status' | 'attention'>): boolean =>
  isFinal(status) && attention === 'none';

const ended = (status: OrderStatus): Refusal => new Refusal('order_ended', `the order has ended: ${status}`);

/** Why there is no answer: the order ended while it was asked, its workflow is lost, or nobody took the question. */
async function unanswered(
  deps: Deps,
  orderId: number,
  error: unknown,
  otherwise: 'outcome_unknown' | 'unavailable',
): Promise<Refusal> {
  const over = await endedMeanwhile(deps, orderId);
  if (over !== undefined) return over;
  if (!(error instanceof WorkflowNotFoundError)) return nobody(deps, orderId, error, otherwise);
  deps.log.error({ orderId }, 'an order that has not ended has no workflow');
  return new Refusal('unavailable', 'the order cannot be asked at the moment');
}

/** Nobody took the question in time. */
export function nobody(
  { log }: Deps,
  orderId: number,
  error: unknown,
  code: 'outcome_unknown' | 'unavailable',
): Refusal {
  log.warn({ orderId, why: String(error) }, 'the workflow did not answer in time');
  return new Refusal(code, 'the order did not answer in time; asking again does no harm');
}

async function endedMeanwhile({ sql, log }: Deps, orderId: number): Promise<Refusal | undefined> {
  try {
    const order = await withTimeout(LAST_LOOK_MS, readOrder(sql, orderId));
    return order !== undefined && hasEnded(order) ? ended(order.status) : undefined;
  } catch (error) {
    log.warn({ err: error, orderId }, 'the order could not be read');
    return undefined;
  }
}
