import { patched } from '@temporalio/workflow';
import { applyCorrection } from '../../domain/order/apply-settlement.ts';
import type { OrderState } from '../../domain/order/state.ts';
import { applyRefillBatchNews } from '../../domain/refill/apply-batch.ts';
import { applyRefillAsked, applyResent, callForReview, decideOutcome } from '../../domain/refill/apply-refill.ts';
import { decideRefill, type RefillStep } from '../../domain/refill/decide.ts';
import { type AskedRefill, type OpenedRefill, type RefillWindow, refillChange } from '../../domain/refill/state.ts';
import { applyRefillEnded, applyRefillOpened, applyRefillsRead, openWindow } from '../../domain/refill/window.ts';
import { askRefill, correctOrder, endRefill, openRefill, readRefills, resendRefill } from '../activities.ts';
import type { OrderInput } from '../contract.ts';
import { takeBatchStep } from '../order/batch-steps.ts';
import { orPark, parkedBy } from '../order/parked.ts';
import type { OrderRun } from '../order/view.ts';
import { type Shown, waitForNews } from '../order/wait-for-news.ts';
import { write } from '../order/write.ts';

/** Keeps a Completed order's workflow open until its refill window has ended, and follows each refill to its end. */
export async function keepRefillable(run: OrderRun, state: OrderState, input: OrderInput, shown: Shown): Promise<void> {
  if (!state.settled?.refill) return;
  const window = openWindow(state, state.settled.refill);
  for (;;) {
    const now = Date.now();
    const step = decideRefill(state, window, now);
    if (step.do === 'close') return;
    if (step.do === 'callForReview') callForReview(state, step.refill, step.why, step.before, now);
    else if (step.do === 'wait') await waitForNews(run, input, shown, step);
    else await orPark(run, input, shown, step.do, () => take(run, state, window, step));
  }
}

/**
 * Returns `result` for a step that the database refuses each time, where parking the order would do harm. Its alert ends with the
 * next step that succeeds.
 */
const orElse =
  <T>(run: OrderRun, result: T) =>
  (error: unknown): T => {
    const failure = parkedBy(error);
    if (failure === undefined) throw error;
    run.parked = { why: failure.message, tries: 1, until: Date.now() };
    return result;
  };

type Taken = Exclude<RefillStep, { do: 'wait' | 'close' | 'callForReview' }>;

/** Takes one step and applies its result. */
async function take(run: OrderRun, state: OrderState, window: RefillWindow, step: Taken): Promise<void> {
  const { orderId } = run;
  const at = Date.now();
  switch (step.do) {
    case 'send':
    case 'decide':
    case 'endBatch':
    case 'askStop': {
      const news = await takeBatchStep(run, state, step);
      return news && applyRefillBatchNews(state, window, news);
    }
    case 'read':
      return applyRefillsRead(state, window, await readRefills(orderId));
    case 'write': {
      const change = refillChange(window);
      await write(run, state, change);
      window.written = change;
      return;
    }
    case 'open':
      return open(run, state, window, step);
    case 'ask': {
      // The provider may have received the request, so it is not asked again: a person decides.
      const said = await askRefill({ orderId, refill: step.refill.number, at }).catch(
        orElse<AskedRefill>(run, { taken: 0, refused: 0, unclear: 1 }),
      );
      return applyRefillAsked(state, window, step.refill, said, Date.now());
    }
    case 'resend': {
      const { refill, batch } = step;
      const { number, quantity, resends } = batch;
      await resendRefill({ orderId, refill: refill.number, batch: number, quantity, resends });
      return applyResent(state, refill, batch);
    }
    case 'correct': {
      const { refill, delivered } = step;
      applyCorrection(state, await correctOrder({ orderId, delivered, by: refill.by, at }));
      return decideOutcome(state, refill, 'Rejected', 'money was given back instead', refill.by);
    }
    case 'end': {
      const { refill, outcome } = step;
      await endRefill({ orderId, refill: refill.number, outcome, why: refill.why, by: refill.by, at });
      return applyRefillEnded(state, window, at);
    }
  }
}

/** Counts the target where that is possible, and stores or refuses the refill. */
async function open(
  run: OrderRun,
  state: OrderState,
  window: RefillWindow,
  { refill, request }: Extract<RefillStep, { do: 'open' }>,
): Promise<void> {
  const { orderId } = run;
  const { number, reviewAt } = refill;
  const at = Date.now();
  const ask = state.openAsks.find(({ actor }) => actor === request.by);
  // No provider has been asked yet, so a refill that cannot be stored can be refused.
  const opened = await openRefill({ orderId, number, ...request, ask, reviewAt, at }).catch(
    orElse<OpenedRefill>(run, { refused: 'the refill cannot be stored; support has been alerted' }),
  );
  // Older histories record each refusal. `patched` is asked last, because it adds an event.
  const isBraked = 'refused' in opened && patched('refills-in-vain');
  return applyRefillOpened(state, window, refill, request.by, opened, Date.now(), isBraked);
}
