import { WorkflowNotFoundError } from '@temporalio/client';
import type { SignalDefinition } from '@temporalio/common';
import { orderWorkflowId } from '../../workflows/contract.ts';
import type { Deps } from '../runtime/deps.ts';

/**
 * Signals the open workflow of an order. A failed signal is logged and not thrown, so it holds up no other order. Callers repeat
 * the signals that a workflow must act on.
 */
export async function signalOrder<M>(
  { temporal, log }: Pick<Deps, 'temporal' | 'log'>,
  orderId: number,
  signal: SignalDefinition<[M]>,
  message: M,
): Promise<void> {
  try {
    await temporal.workflow.getHandle(orderWorkflowId(orderId)).signal(signal, message);
  } catch (error) {
    const about = { order: orderId, signal: signal.name };
    if (error instanceof WorkflowNotFoundError) log.error(about, 'an order to signal has no workflow');
    else log.error({ ...about, err: error }, 'failed to signal an order');
  }
}
