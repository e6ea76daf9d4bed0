import type { Life } from '../../domain/order/life.ts';
import type { AskedRefill } from '../../domain/refill/refill-life.ts';
import { resendDecided, resendEnded } from '../../domain/refill/resend.ts';
import { type OpenedRefill, RefillWindow, type WindowStep } from '../../domain/refill/window.ts';
import {
  askRefill,
  correctOrder,
  decideAttempt,
  dispatch,
  endBatch,
  endRefill,
  openRefill,
  readRefills,
  resendRefill,
} from '../activities.ts';
import type { OrderInput } from '../contract.ts';
import { orPark, parkedBy } from '../order/parked.ts';
import { stop } from '../order/stops.ts';
import type { OrderRun } from '../order/view.ts';
import { pause, type Shown } from '../order/wait-for-news.ts';
import { write } from '../order/write.ts';

/** An order that was Completed stays open to the end of its refill window, and each refill is followed to its end. */
export async function keepRefillable(run: OrderRun, input: OrderInput, shown: Shown): Promise<void> {
  const { life } = run;
  if (!life?.settled?.refill) return;
  const window = new RefillWindow(life, life.settled.refill);
  run.window = window;
  for (;;) {
    const step = window.next(Date.now());
    if (step.do === 'close') return;
    if (step.do === 'wait') await pause(run, input, shown, step);
    else await orPark(run, shown, step.do, () => take(run, life, window, step));
  }
}

/** What a step that can never be done counts as, where waiting would do harm. The alert about it ends with the next step. */
const orElse =
  <T>(run: OrderRun, answer: T) =>
  (error: unknown): T => {
    const failure = parkedBy(error);
    if (failure === undefined) throw error;
    run.parked = { why: failure.message, tries: 1, until: Date.now() };
    return answer;
  };

type Taken = Exclude<WindowStep, { do: 'wait' | 'close' }>;

/** Takes one step and tells the window, or its refill, what came of it. */
async function take(run: OrderRun, life: Life, window: RefillWindow, step: Taken): Promise<void> {
  const { orderId } = run;
  const at = Date.now();
  switch (step.do) {
    case 'read':
      return window.standsAt(await readRefills(orderId));
    case 'write': {
      const refill = window.change;
      await write(run, life, refill);
      return window.wrote(refill);
    }
    case 'open': {
      const { refill, request } = step;
      const { number, reviewAt } = refill;
      const ask = life.asks.open.get(request.by);
      // Nothing has been asked of anybody: what cannot be written down is refused.
      const opened = await openRefill({ orderId, number, ...request, ask, reviewAt, at }).catch(
        orElse<OpenedRefill>(run, { refused: 'it cannot be written down; support has been told' }),
      );
      return window.opened(refill, request.by, opened, Date.now());
    }
    case 'ask': {
      // The provider may have heard, and is not asked again: a person looks there.
      const said = await askRefill({ orderId, refill: step.refill.number, at }).catch(
        orElse<AskedRefill>(run, { taken: 0, refused: 0, unclear: 1 }),
      );
      return window.asked(step.refill, said, Date.now());
    }
    case 'resend': {
      const { refill, batch } = step;
      const { number, quantity, resends } = batch;
      await resendRefill({ orderId, refill: refill.number, batch: number, quantity, resends });
      return refill.resending(batch);
    }
    case 'send': {
      const { refill, batch } = step;
      const { number, attempt, quantity, resends } = batch;
      const summary = `send what is missing again: batch ${number}, attempt ${attempt}`;
      const send = { orderId, batch: number, attempt, quantity, resends, nextRunAt: null };
      return resendEnded(refill, batch, await dispatch.executeWithOptions({ summary }, [send]), Date.now());
    }
    case 'decide': {
      const { refill, batch, decision } = step;
      const key = { orderId, batch: batch.number, attempt: batch.attempt };
      const { done, provider } = await decideAttempt({ key, decision, at });
      return resendDecided(refill, batch, decision, done, provider, at);
    }
    case 'askStop':
      return stop(run, life, step.batches);
    case 'endBatch':
      await endBatch(orderId, step.batch.number, step.batch.delivered);
      return step.refill.batchWritten(step.batch);
    case 'correct': {
      const { refill, delivered } = step;
      life.standsAt(await correctOrder({ orderId, delivered, by: refill.by, at }));
      return refill.decide('Rejected', 'money was given back instead', refill.by);
    }
    case 'end': {
      const { refill, outcome } = step;
      await endRefill({ orderId, refill: refill.number, outcome, why: refill.why, by: refill.by, at });
      return window.ended(at);
    }
  }
}
