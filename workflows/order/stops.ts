import { setCurrentDetails } from '@temporalio/workflow';
import type { Batch } from '../../domain/order/batch.ts';
import type { Life } from '../../domain/order/life.ts';
import { askStop, askStops } from '../activities.ts';
import { details } from './details.ts';
import { type OrderRun, orderView } from './view.ts';

/**
 * Asks the providers of batches to stop them. Nothing waits for the answers: they are written down where they come in, and shown here.
 * A stop that was not asked when a workflow was lost is asked by whatever takes the order up, or, once it has ended, by the watch.
 */
export async function stop(run: OrderRun, life: Life, batches: readonly Batch[]): Promise<void> {
  if (life.isOld) return stopOneAndWait(run, life, batches[0] as Batch);
  for (const batch of batches) batch.stopAsked = true;
  run.stopsUnderWay += 1;
  void askBeside(run, life, batches);
}

async function askBeside(run: OrderRun, life: Life, batches: readonly Batch[]): Promise<void> {
  const { orderId } = run;
  const at = Date.now();
  const input = { orderId, batches: batches.map(({ number }) => number), at };
  const said = await askStops(input).catch(() => []);
  for (const batch of batches) {
    const { answer, at: saidAt } = said.find((one) => one.batch === batch.number) ?? { answer: 'unclear', at };
    life.stopAnswered(batch, { answer, at: saidAt });
  }
  run.stopsUnderWay -= 1;
  // Nothing follows from it, so nobody is woken: a timer that is set again would cost events.
  setCurrentDetails(details(orderView(run)));
}

/** As it was before stops went on beside. */
async function stopOneAndWait({ orderId }: OrderRun, life: Life, batch: Batch): Promise<void> {
  // A provider that cannot be asked must not hold up the order; asking for the stop again asks the provider again.
  const answer = await askStop({ orderId, batch: batch.number }).catch(() => 'unclear' as const);
  life.stopAnswered(batch, { answer, at: Date.now() });
}
