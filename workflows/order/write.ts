import { applyProofs, applyWritten, changeToWrite } from '../../domain/order/snapshot.ts';
import type { OrderState, Settled } from '../../domain/order/state.ts';
import type { RefillChange } from '../../domain/refill/state.ts';
import { writeOrderState } from '../activities.ts';
import type { OrderRun } from './view.ts';

/**
 * Writes down what PostgreSQL does not have yet; `refill` where the order is known to have ended. From then on it is known who asked.
 * Returns how the order had ended, when it had unknown to this workflow: then nothing was written.
 */
export async function write(
  { orderId }: OrderRun,
  state: OrderState,
  refill?: RefillChange | null,
): Promise<Settled | null> {
  const change = changeToWrite(state);
  const of = { orderId, at: Date.now(), ...(refill === undefined ? {} : { refill }) };
  const written = await writeOrderState({ ...of, ...change });
  const { settled, actors } = written !== null && 'actors' in written ? written : { settled: written, actors: {} };
  applyProofs(state, actors);
  if (settled === null) applyWritten(state, change);
  return settled;
}
