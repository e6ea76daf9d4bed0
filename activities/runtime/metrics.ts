import type { Logger } from 'pino';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { type ProcessFigures, processRegistry } from '../../net/process-metrics.ts';
import { HOUSEKEEPING_TASK_QUEUE, TASK_QUEUE, WATCH_TASK_QUEUE, WEBHOOK_TASK_QUEUE } from '../../workflows/contract.ts';
import type { CallLog } from '../provider/call-log.ts';
import type { Exchange } from '../provider/exchange.ts';
import type { Backlog } from './standstill.ts';

const ATTEMPT_OUTCOMES = { accepted: 'accepted', error: 'refused', unclear: 'unclear', notSent: 'not_sent' } as const;

/** What sends of orders add to the metrics. */
export interface SendMetrics {
  /** The provider's answer to an attempt, as AddResult names it. */
  attempt(provider: number, answer: keyof typeof ATTEMPT_OUTCOMES): void;
  /** The send that a provider took, or may have taken, began so many seconds after its order was accepted, or due. */
  firstSend(seconds: number): void;
}

export interface WorkerMetrics extends SendMetrics {
  /** The same log of calls, which adds each call to the metrics. */
  measured(calls: CallLog): CallLog;
  /** All metrics of the process as text for Prometheus: its own, and those of the SDK while it answers. */
  text(): Promise<string>;
  readonly contentType: string;
}

interface Sources extends Omit<ProcessFigures, 'process'> {
  readonly backlog: Backlog;
  /** Reads the SDK's own metrics. */
  readonly sdk: () => Promise<string>;
  readonly log: Logger;
}

const NOT_KNOWN = Number.NaN;

/** The metrics of one worker process. */
export function createWorkerMetrics({ backlog, sdk, log, ...figures }: Sources): WorkerMetrics {
  const registry = processRegistry({ process: 'worker', ...figures });
  gaugeBacklog(registry, backlog);
  const sends = countSends(registry);
  const measured = countCalls(registry);
  return {
    ...sends,
    measured,
    contentType: registry.contentType,
    async text() {
      const [own, ofSdk] = await Promise.all([
        registry.metrics(),
        sdk().catch((error: unknown) => {
          log.warn({ err: error }, 'failed to read the metrics of the SDK');
          return '';
        }),
      ]);
      return `${own}\n${ofSdk}`;
    },
  };
}

function countSends(registry: Registry): SendMetrics {
  const attempts = new Counter({
    name: 'holdfast_attempts_total',
    help: 'Attempts to place a batch with a provider, by outcome',
    labelNames: ['provider', 'outcome'],
    registers: [registry],
  });
  const waited = new Histogram({
    name: 'holdfast_accepted_to_sent_seconds',
    help: 'Time from the acceptance of an order, or from its scheduled time, to the send that a provider took or may have taken',
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600],
    registers: [registry],
  });
  return {
    attempt: (provider, answer) => attempts.inc({ provider: String(provider), outcome: ATTEMPT_OUTCOMES[answer] }),
    firstSend: (seconds) => waited.observe(seconds),
  };
}

function countCalls(registry: Registry): WorkerMetrics['measured'] {
  const calls = new Counter({
    name: 'holdfast_provider_calls_total',
    help: 'Calls of providers by outcome; error is an HTTP status of 400 or more',
    labelNames: ['provider', 'outcome'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'holdfast_provider_call_seconds',
    help: 'Time of a call of a provider that was answered',
    labelNames: ['provider'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60],
    registers: [registry],
  });
  return (log) => ({
    ...log,
    note(provider, action, result, ms) {
      const label = String(provider);
      calls.inc({ provider: label, outcome: outcomeOf(result) });
      if (result.kind === 'answered') seconds.observe({ provider: label }, ms / 1_000);
      log.note(provider, action, result, ms);
    },
  });
}

function outcomeOf(result: Exchange): 'answered' | 'error' | 'not_sent' | 'no_answer' {
  if (result.kind === 'answered') return result.status >= 400 ? 'error' : 'answered';
  return result.kind === 'notSent' ? 'not_sent' : 'no_answer';
}

function gaugeBacklog(registry: Registry, backlog: Backlog): void {
  const queues = [TASK_QUEUE, HOUSEKEEPING_TASK_QUEUE, WATCH_TASK_QUEUE, WEBHOOK_TASK_QUEUE];
  new Gauge({
    name: 'holdfast_task_queue_oldest_seconds',
    help: 'For how long the oldest task of a queue waits that no worker has taken; NaN is unknown',
    labelNames: ['queue'],
    registers: [registry],
    async collect() {
      const ages = queues.map(async (queue) => {
        const ms = await backlog(queue).catch(() => NOT_KNOWN);
        this.set({ queue }, ms / 1_000);
      });
      await Promise.all(ages);
    },
  });
}
