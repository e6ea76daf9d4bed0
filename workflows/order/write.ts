import { workflowInfo } from '@temporalio/workflow';
import { applyProofs, applyWritten, changeToWrite } from '../../domain/order/snapshot.ts';
import type { OrderState, Settled } from '../../domain/order/state.ts';
import type { RefillChange } from '../../domain/refill/state.ts';
import { writeOrderState } from '../activities.ts';
import type { OrderRun } from './view.ts';

/**
 * Writes what PostgreSQL does not have yet; `refill` for an order that is known to have ended. The activity also checks the
 * proofs of API requests, so afterwards their actors are known.
 * Returns the settlement when the order had ended without this workflow knowing it: then nothing was written.
 */
export async function write(
  { orderId }: OrderRun,
  state: OrderState,
  refill?: RefillChange | null,
): Promise<Settled | null> {
  const change = changeToWrite(state);
  const { runId: run, historyLength: event } = workflowInfo();
  const of = { orderId, at: Date.now(), from: { run, event }, ...(refill === undefined ? {} : { refill }) };
  const written = await writeOrderState({ ...of, ...change });
  const { settled, actors } = written !== null && 'actors' in written ? written : { settled: written, actors: {} };
  applyProofs(state, actors);
  if (settled === null) applyWritten(state, change);
  return settled;
}
