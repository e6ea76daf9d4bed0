import { Batch } from './batch.ts';
import type { Life } from './life.ts';
import { nextDue } from './schedule.ts';
import type { Step } from './standing.ts';
import { finalStatus } from './status.ts';
import { stopsWanted } from './stops.ts';

/** What is to be done next in an order's life: first what must be known or written, then what is due, at last to wait. */
export function nextStep(life: Life, now: number): Step {
  if (life.hasEnded) return { do: 'wait', until: null, why: 'the order has ended' };
  giveUpUnsent(life);
  // A pause stops the clocks: as it began, so they stand.
  const overdue = life.batches.some((batch) => capOf(batch) <= (life.pausedAt ?? now));
  if (!overdue) life.clear('review');
  if (life.hasNews) return { do: 'write' };
  for (const batch of life.batches) if (batch.decision) return { do: 'decide', batch, decision: batch.decision };
  const unseen = life.batches.find(({ inFlight }) => inFlight);
  if (unseen !== undefined) return send(life, unseen);
  const stops = stopsWanted(life);
  if (stops.length > 0) return { do: 'askStop', batches: stops };
  if (life.decided !== null) return settlement(life, life.decided.delivered, life.decided.actor);
  // Before an end is written: whoever takes the order up after a crash must know that no further run is begun.
  if (!life.finishing && !life.runsRemain) return { do: 'refresh', finish: true };
  const ended = life.batches.filter(({ state }) => state === 'ended');
  if (life.finishing && !life.runsRemain && ended.length === life.batches.length) {
    if (!life.isUnverified) return settlement(life, life.delivered, life.canceledBy ?? 'provider');
    // The ends are written first: what is being counted is not reported again and again.
    if (ended[0] === undefined && life.verification.nextAt <= (life.pausedAt ?? now)) return { do: 'count' };
  }
  if (ended[0] !== undefined) return { do: 'endBatch', batch: ended[0] };
  const due = dueToSend(life, now);
  if (due !== undefined) return send(life, due);
  if (overdue && !life.has('review')) return callSomebody(life, now);
  return waiting(life);
}

/** What was not sent when an order is canceled or stopped never is. */
function giveUpUnsent({ canceledBy, stopped, batches }: Life): void {
  if (canceledBy === null && !stopped) return;
  for (const batch of batches) if (batch.state === 'sending' && !batch.inFlight) batch.end(0);
}

function send(life: Life, batch: Batch): Step {
  batch.inFlight = true;
  if (life.status === 'Pending') life.status = 'Processing';
  return { do: 'send', batch };
}

/** A batch that may be sent again by now, or the next run when it is due. */
function dueToSend(life: Life, now: number): Batch | undefined {
  if (life.pausedAt !== null) return undefined;
  const again = life.batches.find(({ state, sendAt }) => state === 'sending' && sendAt <= now);
  if (again !== undefined) return again;
  if (runDue(life) > now) return undefined;
  const run = new Batch(life.lastBatch + 1, life.terms.quantity);
  life.lastBatch = run.number;
  life.runsBegun += 1;
  life.nextRunAt = nextDue(life.nextRunAt, now, life.terms.intervalMs);
  life.batches.push(run);
  return run;
}

/** When the next run may begin: not while the one before it waits for a provider. */
function runDue({ runsRemain, nextRunAt, queuedUntil, batches }: Life): number {
  const waits = batches.some(({ state, resends }) => state === 'sending' && resends === null);
  return runsRemain && !waits ? Math.max(nextRunAt, queuedUntil) : Number.POSITIVE_INFINITY;
}

function settlement(life: Life, delivered: number, actor: string): Step {
  const { totalQuantity } = life.terms;
  const counted = Math.min(delivered, totalQuantity);
  const status = finalStatus(counted, totalQuantity);
  // Why it was paused is not why it ended, when somebody has ended it.
  const why = life.canceledBy === null ? (life.reason ?? 'unknown') : (life.shortfall ?? 'requested');
  return { do: 'settle', status, delivered: counted, reason: status === 'Completed' ? null : why, actor };
}

/** When a person looks at a batch: it runs for too long, or no provider has taken it for as long. */
const capOf = ({ state, reviewAt }: Batch): number =>
  (state === 'running' || state === 'sending') && reviewAt !== null ? reviewAt : Number.POSITIVE_INFINITY;

/** Of a drip-feed, batches may have ended without a word: what is open is read again before anybody is called. */
function callSomebody(life: Life, now: number): Step {
  if (life.terms.runs > 1 && !life.looked) return { do: 'refresh', finish: false };
  const late = life.batches.filter((batch) => capOf(batch) <= (life.pausedAt ?? now));
  const untaken = late.every(({ state }) => state === 'sending');
  life.raise('review');
  life.note(now, 'order.review', 'system', { why: untaken ? 'no provider takes it' : 'In progress for too long' });
  return { do: 'write' };
}

/** Nothing is to be done before something comes in or a time has come; a pause stops every clock. */
function waiting(life: Life): Step {
  life.looked = false;
  if (life.pausedAt !== null) return { do: 'wait', until: null, why: 'paused' };
  const run = runDue(life);
  const sends = life.batches.filter(({ state }) => state === 'sending').map(({ sendAt }) => sendAt);
  const caps = life.has('review') ? [] : life.batches.map(capOf);
  const isOver = life.finishing && !life.runsRemain && life.batches.length === 0;
  const recheck = isOver && life.isUnverified ? life.verification.nextAt : Number.POSITIVE_INFINITY;
  const until = Math.min(run, recheck, ...sends, ...caps);
  if (!Number.isFinite(until)) return { do: 'wait', until: null, why: 'a word of the provider, or of a person' };
  if (until === recheck) return { do: 'wait', until, why: 'count the target again' };
  if (until === run)
    return { do: 'wait', until, why: life.queuedUntil > 0 ? 'behind an earlier order' : 'the next run' };
  return {
    do: 'wait',
    until,
    why: sends.includes(until) ? 'try a provider again' : 'cap on the time In progress, or waiting',
  };
}
