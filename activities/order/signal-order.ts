import { WorkflowNotFoundError } from '@temporalio/client';
import type { SignalDefinition } from '@temporalio/common';
import { orderWorkflowId } from '../../workflows/contract.ts';
import type { Deps } from '../runtime/deps.ts';

/**
 * Tells the workflow of an order, which must still be open, what was seen of it. One that cannot be told is logged and holds up no
 * other: what it must act on is told again later.
 */
export async function tellOrder<M>(
  { temporal, log }: Pick<Deps, 'temporal' | 'log'>,
  orderId: number,
  signal: SignalDefinition<[M]>,
  message: M,
): Promise<void> {
  try {
    await temporal.workflow.getHandle(orderWorkflowId(orderId)).signal(signal, message);
  } catch (error) {
    const about = { order: orderId, signal: signal.name };
    if (error instanceof WorkflowNotFoundError)
      log.error(about, 'an order that must be told something has no workflow');
    else log.error({ ...about, err: error }, 'an order could not be told');
  }
}
