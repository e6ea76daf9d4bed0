import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { serveHealth } from '../../activities/runtime/health.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';
import { placeClaim } from '../support/reads/place.ts';
import { type ReadNames, readNames, scrapedNames } from '../support/reads/promql.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** What Prometheus adds to each series. */
const ADDED = ['instance', 'job'];
/** The node exporter's, which an operator may run beside ours. */
const FOREIGN = /^node_/;

let world: World;
let api: ServedApi;
let scraped: Map<string, Set<string>>;
let workerText: string;

beforeAll(async () => {
  world = await realWorld({ isMeasured: true });
  await world.startWorkers();
  api = await serveApi(world);
  const { metrics } = world;
  if (metrics === undefined) throw new Error('the world is not measured');
  const options = { host: '127.0.0.1', port: 0, workers: [], standingStill: async () => [], metrics };
  const health = await serveHealth({ ...options, log: pino({ level: 'silent' }) });
  const { port } = health.address() as AddressInfo;

  const shop = await world.shop();
  const id = await shop.claim({ link: 'https://example.com/p?sim=seconds:1' });
  await placeClaim(world.sql, world.temporal, id);
  await world.temporal.workflow.getHandle(orderWorkflowId(id)).result();
  // The SDK counts the workflow after the server knows that it has ended.
  workerText = await vi.waitUntil(
    async () => {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      return text.includes('temporal_workflow_completed{') && text;
    },
    { timeout: 30_000, interval: 100 },
  );
  health.close();
  await once(health, 'close');
  scraped = scrapedNames([workerText, await (await fetch(api.metricsUrl)).text()]);
});
afterAll(async () => {
  await api.close();
  await world.close();
});

/** The SDK shows a metric after its first use, so those of failures are looked up in its source. */
function sdkNames(): Set<string> {
  const crates = 'node_modules/@temporalio/core-bridge/sdk-core/crates';
  const source = ['common/src/telemetry', 'sdk-core/src/telemetry', 'client/src'].map((folder) =>
    read(`${crates}/${folder}/metrics.rs`),
  );
  return new Set([...source.join('\n').matchAll(/"([a-z_]+)"/g)].map(([, name]) => `temporal_${name}`));
}

/** What is wrong with the names of an expression; most are right. */
function wrongIn({ metrics, matchers, groups }: ReadNames): string[] {
  const ofSdk = sdkNames();
  const isUnused = (name: string) => !scraped.has(name) && ofSdk.has(name.replace(/_(bucket|sum|count)$/, ''));
  const unknown = metrics.filter((name) => !scraped.has(name) && !isUnused(name) && !FOREIGN.test(name));
  const labels = (name: string) => [...(scraped.get(name) ?? []), ...ADDED];
  // A metric that has had no use shows no labels.
  const isBare = (name: string) => (scraped.get(name)?.size ?? 0) === 0;
  const noLabel = matchers.filter(({ metric, label }) => !isBare(metric) && !labels(metric).includes(label));
  const noGroup = metrics.some(isBare)
    ? []
    : groups.filter((group) => !metrics.some((name) => labels(name).includes(group)));
  return [...unknown, ...noLabel.map(({ metric, label }) => `${metric}{${label}}`), ...noGroup];
}

describe('every expression reads metrics and labels that API and worker have', () => {
  const dashboards = readdirSync(new URL('../../ops/dashboards/', import.meta.url));
  it.each(dashboards)('in the dashboard %s', (file) => {
    const text = read(`ops/dashboards/${file}`);
    const expressions = [...text.matchAll(/"expr": ("(?:[^"\\]|\\.)*")/g)].map(([, one = '']) => JSON.parse(one));
    const values = [...text.matchAll(/label_values\((\w+), (\w+)\)/g)].map(
      ([, metric, label]) => `${metric}{${label}=""}`,
    );
    expect(expressions.length).toBeGreaterThan(5);
    const all = [...expressions, ...values].map(readNames);
    expect(all.filter(({ metrics }) => metrics.length === 0)).toEqual([]);
    expect(all.flatMap(wrongIn)).toEqual([]);
  });

  it('in the alerts', () => {
    const written = read('ops/alerts.yml').matchAll(/^( *)expr: (?:[|>][-+]?\n((?:\1 +.*\n)+)|(\S.*)\n)/gm);
    const expressions = [...written].map(([, , block, line = '']) => readNames(block ?? line));
    expect(expressions.length).toBe(read('ops/alerts.yml').match(/\bexpr:/g)?.length);
    expect(expressions.filter(({ metrics }) => metrics.length === 0)).toEqual([]);
    expect(expressions.flatMap(wrongIn)).toEqual([]);
  });
});

it('the table of metrics in docs/operate.md has all of ours and no other', () => {
  const named = new Set([...read('docs/operate.md').matchAll(/`(holdfast_\w+)/g)].map(([, name = '']) => name));
  const ours = [...scraped.keys()].filter((name) => name.startsWith('holdfast_'));
  const base = ours.map((name) => name.replace(/_(bucket|sum|count)$/, ''));
  expect([...named].sort()).toEqual([...new Set(base)].sort());
});

it('the worker shows what became of an order, and the SDK beside it, under the names of its dashboards', () => {
  expect(workerText).toContain('\nholdfast_attempts_total{provider="1",outcome="accepted"} 1\n');
  expect(workerText).toContain('\nholdfast_accepted_to_sent_seconds_count 1\n');
  expect(workerText).toMatch(/\nholdfast_provider_calls_total\{provider="1",outcome="answered"\} [1-9]/);
  expect(workerText).toMatch(/\ntemporal_workflow_completed\{.*workflow_type="order"\} 1\n/);
  expect(workerText).toMatch(/\ntemporal_workflow_task_schedule_to_start_latency_bucket\{/);
  expect(workerText).not.toMatch(/example\.com|upstream-key/);
});
