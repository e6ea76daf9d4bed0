import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { HOUSEKEEPING_TASK_QUEUE, TASK_QUEUE, WATCH_TASK_QUEUE, WEBHOOK_TASK_QUEUE } from '../../workflows/contract.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found);

const rules = read('ops/alerts.yml');
const alerts = all(rules, /- alert: (\w+)/g);

test('each alert has an entry in the runbook, and each entry its alert', () => {
  expect(all(read('docs/runbook.md'), /^## (\w+)$/gm).sort()).toEqual([...alerts].sort());
  expect(all(rules, /runbook: docs\/runbook\.md#(\w+)/g)).toEqual(alerts.map((alert) => alert.toLowerCase()));
});

test('each alert has a severity and a summary', () => {
  expect(all(rules, /severity: (warning|critical)/g)).toHaveLength(alerts.length);
  expect(all(rules, /summary: (\S.*)/g)).toHaveLength(alerts.length);
});

test('each metric of ours that an expression reads is one of API or worker', () => {
  const sources = ['api/metrics/ledger.ts', 'api/metrics/orders.ts', 'api/metrics/providers.ts']
    .concat(['api/metrics/reconciliation.ts', 'api/metrics/webhooks.ts'])
    .concat(['activities/runtime/metrics.ts', 'net/process-metrics.ts']);
  const metrics = new Set(sources.flatMap((file) => all(read(file), /'(holdfast_\w+)'/g)));
  const used = all(rules, /\b(holdfast_\w+)/g);
  expect(used.length).toBeGreaterThanOrEqual(alerts.length);
  expect(used.filter((name) => !metrics.has(name))).toEqual([]);
});

test('each task queue is asked for its pollers', () => {
  const queues = [TASK_QUEUE, WATCH_TASK_QUEUE, WEBHOOK_TASK_QUEUE, HOUSEKEEPING_TASK_QUEUE];
  expect(all(rules, /absent\(temporal_num_pollers\{task_queue="([\w-]+)"\}\)/g)).toEqual(queues);
});

test('each alert has a case in which it fires, and one in which it does not', () => {
  const cases = read('ops/alerts.test.yml').split(/^ {2}- name: /m);
  for (const alert of alerts) {
    const asked = cases.flatMap((one) => one.split(/^ {6}- /m)).filter((one) => one.includes(`alertname: ${alert}`));
    expect([
      alert,
      asked.some((one) => one.includes('exp_alerts')),
      asked.some((one) => !one.includes('exp_alerts')),
    ]).toEqual([alert, true, true]);
  }
});
