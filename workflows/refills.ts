import type { Life } from '../domain/life.ts';
import { type RefillStep, RefillWindow } from '../domain/refill-window.ts';
import {
  askRefill,
  correctOrder,
  decideAttempt,
  dispatch,
  endBatch,
  endRefill,
  openRefill,
  resendRefill,
  writeLife,
} from './activities.ts';
import type { OrderInput } from './messages.ts';
import { pause, type Shown } from './turn.ts';
import type { OrderRun } from './view.ts';

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
    else await take(run.orderId, life, window, step);
  }
}

type Taken = Exclude<RefillStep, { do: 'wait' | 'close' }>;

/** Takes one step and tells the window what came of it. */
async function take(orderId: number, life: Life, window: RefillWindow, step: Taken): Promise<void> {
  const at = Date.now();
  switch (step.do) {
    case 'write': {
      const [change, refill] = [life.change(), window.change];
      await writeLife({ orderId, at, ...change, refill });
      life.wrote(change);
      return window.wrote(refill);
    }
    case 'open': {
      const { number, request, reviewAt } = step.refill;
      const by = request?.by ?? 'system';
      const opened = await openRefill({ orderId, number, by, reason: request?.reason ?? '', reviewAt, at });
      return window.opened(step.refill, opened, Date.now());
    }
    case 'ask': {
      const { number } = step.refill;
      // A provider that gives no answer at all has not taken it, as far as anybody knows.
      const said = await askRefill({ orderId, refill: number, at }).catch(() => ({ taken: 0, refused: 0 }));
      return window.asked(step.refill, said, Date.now());
    }
    case 'resend': {
      const { refill, batch, quantity } = step;
      await resendRefill({ orderId, refill: refill.number, batch, quantity });
      return window.resending(refill, batch, quantity);
    }
    case 'send': {
      const { number, attempt, quantity, resends } = step.batch;
      const summary = `send what is missing again: batch ${number}, attempt ${attempt}`;
      const send = { orderId, batch: number, attempt, quantity, resends, nextRunAt: null };
      return window.sendEnded(step.batch, await dispatch.executeWithOptions({ summary }, [send]), Date.now());
    }
    case 'decide': {
      const { batch, decision } = step;
      const key = { orderId, batch: batch.number, attempt: batch.attempt };
      const { done, provider } = await decideAttempt({ key, decision, at });
      return window.uncertainDecided(batch, done, provider, at);
    }
    case 'endBatch':
      await endBatch(orderId, step.batch.number, step.batch.delivered);
      return window.batchWritten(step.batch);
    case 'correct': {
      const { refill, delivered } = step;
      life.standsAt(await correctOrder({ orderId, delivered, by: refill.by, at }));
      return window.decide(refill, 'Rejected', 'money was given back instead', refill.by);
    }
    case 'end': {
      const { refill, outcome } = step;
      await endRefill({ orderId, refill: refill.number, outcome, why: refill.why, by: refill.by, at });
      return window.ended(at);
    }
  }
}
