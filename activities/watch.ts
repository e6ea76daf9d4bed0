import { activityInfo, Context, heartbeat } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import {
  type BatchReport,
  type DueReport,
  dueReports,
  markReported,
  type RunningBatch,
  readProvider,
  recordReports,
  recordStalls,
  runningBatches,
} from '../db/batches.ts';
import { open } from '../db/secrets.ts';
import { LIMITS } from '../domain/limits.ts';
import { orderWorkflowId, reportSignal, type WatchInput } from '../workflows/messages.ts';
import type { Deps } from './deps.ts';
import { createHints } from './hints.ts';
import { inParallel } from './parallel.ts';
import { orderStatuses, type Panel } from './provider/panel.ts';

/** How long one activity watches before it is renewed. */
const SHIFT_MS = 10 * 60_000;
/** Status calls to one provider at the same time. */
const PARALLEL_CALLS = 4;
/** Signals to Temporal at the same time. */
const PARALLEL_SIGNALS = 16;
/** A report that a workflow has not acted on is sent again after so long. */
const RESEND_SECONDS = 30;
const HEARTBEAT_MS = 2_000;
/** However many hints come, from one look to the next it is at least so long. */
const HINTED_MS = 1_000;

export function createWatchActivities(deps: Deps) {
  const { sql, temporal, log } = deps;
  const hints = createHints(deps);

  /** Asks about up to 100 orders in one call; an answer that cannot be read changes nothing. */
  async function ask(panel: Panel, provider: number, batches: readonly RunningBatch[]): Promise<void> {
    const said = await orderStatuses(
      panel,
      batches.map(({ providerOrder }) => providerOrder),
    );
    if (said === undefined) {
      log.warn({ provider, orders: batches.length }, 'a status call got no answer');
      return;
    }
    const reports = batches.flatMap((batch): BatchReport[] => {
      const report = said.get(batch.providerOrder);
      return report === undefined ? [] : [{ ...batch, ...report }];
    });
    if (reports.length < batches.length) {
      log.warn({ provider, missing: batches.length - reports.length }, 'a provider did not speak of all its orders');
    }
    await recordReports(sql, provider, reports, new Date());
  }

  /** Tells an order's workflow. One that cannot be told does not hold up the others: it is told again later. */
  async function tell(report: DueReport): Promise<void> {
    const { orderId, ...rest } = report;
    try {
      await temporal.workflow.getHandle(orderWorkflowId(orderId)).signal(reportSignal, rest);
    } catch (error) {
      const lost = error instanceof WorkflowNotFoundError;
      log.error(
        lost ? { order: orderId } : { order: orderId, err: error },
        lost ? 'an order that has not ended has no workflow' : 'an order could not be told of a report',
      );
    }
  }

  /** One look at everything that runs at the provider. */
  async function round(provider: number): Promise<number> {
    const { url, keyCipher, pollSeconds } = await readProvider(sql, provider);
    const panel = { url, key: open(deps.masterKey, `provider:${provider}`, keyCipher) };
    const running = await runningBatches(sql, provider);
    const calls = Array.from({ length: Math.ceil(running.length / LIMITS.statusCallIds) }, (_, call) =>
      running.slice(call * LIMITS.statusCallIds, (call + 1) * LIMITS.statusCallIds),
    );
    await inParallel(calls, PARALLEL_CALLS, (batches) => ask(panel, provider, batches));
    await recordStalls(sql, provider);
    const due = await dueReports(sql, provider, RESEND_SECONDS);
    await inParallel(due, PARALLEL_SIGNALS, tell);
    await markReported(sql, due);
    return pollSeconds;
  }

  return {
    /** Watches a provider's running batches for about ten minutes, round after round. */
    async watchProvider({ providerId }: WatchInput): Promise<void> {
      const { cancellationSignal } = Context.current();
      const started = performance.now();
      const alive = setInterval(() => heartbeat(), HEARTBEAT_MS);
      try {
        while (performance.now() - started < SHIFT_MS && !cancellationSignal.aborted) {
          const begun = performance.now();
          const hint = hints.next(providerId);
          const pollSeconds = await round(providerId).catch((error: unknown) => {
            // Nothing is lost by a round that broke; the next one asks again.
            log.error({ provider: providerId, err: error, attempt: activityInfo().attempt }, 'a watch round failed');
            return 5;
          });
          const left = (ms: number) => ms - (performance.now() - begun);
          await pause(left(Math.min(pollSeconds * 1_000, HINTED_MS)), cancellationSignal);
          await pause(left(pollSeconds * 1_000), cancellationSignal, hint);
        }
      } finally {
        clearInterval(alive);
      }
      cancellationSignal.throwIfAborted();
    },
  };
}

/** Waits, or stops waiting when the worker shuts down, or a hint comes. */
function pause(ms: number, ...stops: readonly AbortSignal[]): Promise<void> {
  if (stops.some(({ aborted }) => aborted)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      for (const stop of stops) stop.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.max(ms, 0));
    for (const stop of stops) stop.addEventListener('abort', done);
  });
}
