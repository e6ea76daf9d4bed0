import type { Life } from '../../domain/order/life.ts';
import type { Settled } from '../../domain/order/standing.ts';
import type { RefillChange } from '../../domain/refill/window.ts';
import { writeLife } from '../activities.ts';
import type { OrderRun } from './view.ts';

/**
 * Writes down what PostgreSQL does not know yet; `refill` where the order is known to have ended. Who asked is known from then on.
 * Returns how the order had ended, when it had unknown to this workflow: then nothing was written.
 */
export async function write(run: OrderRun, life: Life, refill?: RefillChange | null): Promise<Settled | null> {
  const change = life.change();
  const of = { orderId: run.orderId, at: Date.now(), ...(refill === undefined ? {} : { refill }) };
  const written = await writeLife({ ...of, ...change });
  const { settled, actors } = written !== null && 'actors' in written ? written : { settled: written, actors: {} };
  life.provedBy(actors);
  const current = run.window?.current;
  if (current) current.by = actors[current.by] ?? current.by;
  if (settled === null) life.wrote(change);
  return settled;
}
