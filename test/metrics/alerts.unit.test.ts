import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

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

test('each expression of an alert reads metrics that the API has', () => {
  const folder = new URL('../../api/metrics/', import.meta.url);
  const metrics = new Set(readdirSync(folder).flatMap((file) => all(read(`api/metrics/${file}`), /'(holdfast_\w+)'/g)));
  const used = all(rules, /expr: (.+)/g).map((expression) => all(expression, /(holdfast_\w+)/g));
  expect(used).toHaveLength(alerts.length);
  for (const names of used) expect(names).not.toEqual([]);
  expect(used.flat().filter((name) => !metrics.has(name))).toEqual([]);
});
