import { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger as createWorkerLog } from '../../activities/runtime/log.ts';
import { bundleWorkflows } from '../../activities/workflow-code.ts';
import { createLogger as createApiLog } from '../../api/http/logging.ts';
import { traceCalls } from '../../api/trace-calls.ts';
import { createKey } from '../../db/account/accounts.ts';
import { startTracing } from '../../net/start-tracing.ts';
import { ATTRIBUTES, type Tracing } from '../../net/tracing.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';
import { type ScriptedPanel, scriptedPanel } from '../support/peers/panel.ts';
import { openReceiver, type Receiver } from '../support/peers/receiver.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { realWorld, sharedWorkflows, type World } from '../support/worlds/world.ts';

/** A span as OTLP writes it in JSON. */
interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, string | number>> }[];
  readonly events: readonly unknown[];
}

type Line = Readonly<Record<string, unknown>>;

const LINK = 'https://example.com/a-private-link';
/** The caller's span of each order. */
const CALLERS = {
  v1: { traceId: '11'.repeat(16), spanId: '12'.repeat(8) },
  v2: { traceId: '21'.repeat(16), spanId: '22'.repeat(8) },
};

let world: World;
let collector: Receiver;
/** The first provider has no balance of ours left; the second takes every order. */
let poor: ScriptedPanel;
let panel: ScriptedPanel;
let key: string;
let tracedBundle: { code: string };
const orders = { v1: 0, v2: 0 };
const lines: Line[] = [];

const kept = { write: (line: string) => void lines.push(JSON.parse(line)) };
const serve = (log: Logger, tracing?: Tracing): Promise<ServedApi> => {
  const { connection, options } = world.temporal;
  const interceptors = tracing === undefined ? {} : { workflow: [traceCalls(tracing)] };
  const temporal = new Client({ connection, namespace: options.namespace, interceptors });
  return serveApi({ ...world, temporal, log, tracing });
};
const tracingOf = async (service: 'holdfast-api' | 'holdfast-worker'): Promise<Tracing> => {
  const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER_ARG: 1 };
  const tracing = await startTracing(settings, service, createApiLog('silent'));
  if (tracing === undefined) throw new Error('tracing is off');
  return tracing;
};
const callerOf = ({ traceId, spanId }: (typeof CALLERS)['v1']) => `00-${traceId}-${spanId}-01`;

/** Every span that the collector got, with the service it is from. */
const spans = (): (Span & { readonly service: unknown })[] =>
  collector.heard.flatMap(({ bytes }) =>
    JSON.parse(bytes.toString('utf8')).resourceSpans.flatMap(
      (of: { resource: Pick<Span, 'attributes'>; scopeSpans: { spans: Span[] }[] }) => {
        const service = of.resource.attributes.find(({ key: name }) => name === 'service.name')?.value.stringValue;
        return of.scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ ...span, service })));
      },
    ),
  );

beforeAll(async () => {
  collector = await openReceiver();
  [poor, panel] = [await scriptedPanel(), await scriptedPanel()];
  poor.onAdd = () => ({ error: 'Not enough funds on balance' });
  world = await realWorld({ log: createWorkerLog('info', kept) });
  const shop = await world.shop({ providers: [poor.url, panel.url] });
  key = (await createKey(world.sql, { accountId: shop.account, name: 'test' })).key;

  const [ofApi, ofWorker] = [await tracingOf('holdfast-api'), await tracingOf('holdfast-worker')];
  tracedBundle = await bundleWorkflows(true);
  const workers = await world.startWorkers(tracedBundle, undefined, ofWorker);
  const api = await serve(createApiLog('info', kept), ofApi);

  const placed = await api.v1('/v1/orders', {
    key,
    idempotencyKey: 'one',
    headers: { traceparent: callerOf(CALLERS.v1), tracestate: 'vendor=hf_private', baggage: 'who=a-customer' },
    body: { service: shop.service, link: LINK, quantity: 1000 },
  });
  orders.v1 = Number(placed.body.id);
  await world.quietHistory(orders.v1);
  const added = await fetch(
    `${api.url}/api/v2?key=${key}&action=add&service=${shop.service}&link=${LINK}/2&quantity=1000`,
    {
      method: 'POST',
      headers: { traceparent: callerOf(CALLERS.v2) },
    },
  );
  orders.v2 = ((await added.json()) as { order: number }).order;
  await world.quietHistory(orders.v2);

  await api.close();
  await workers.stop();
  await Promise.all([ofApi.end(), ofWorker.end()]);
});

afterAll(async () => {
  await world.close();
  await Promise.all([poor.close(), panel.close(), collector.close()]);
});

describe('with a collector', () => {
  it.each([
    ['v1', 'POST /v1/orders'],
    ['v2', 'POST /api/v2'],
  ] as const)(
    'an order of %s is one trace, from the request through its workflow to the call of the provider',
    (of, request) => {
      const { traceId, spanId } = CALLERS[of];
      const trace = spans().filter((span) => span.traceId === traceId);
      const upwards = (span: (typeof trace)[number] | undefined): string[] =>
        span === undefined
          ? []
          : [`${span.service} ${span.name}`, ...upwards(trace.find((one) => one.spanId === span.parentSpanId))];
      const call = trace.findLast(({ name }) => name === 'call of a provider');
      expect(upwards(call)).toEqual([
        'holdfast-worker call of a provider',
        'holdfast-worker activity dispatch',
        'holdfast-worker workflow order',
        'holdfast-api start order',
        `holdfast-api ${request}`,
      ]);
      expect(trace.filter(({ parentSpanId }) => parentSpanId === spanId).map(({ name }) => name)).toEqual([request]);
      expect(trace.find(({ name }) => name === 'activity acceptOrder')).toBeDefined();
    },
  );

  it('no span stays open while the order waits, and each says which order it is about', () => {
    const all = spans();
    // The collector gets a span when it ends. An open one would be missing here as the parent of another.
    const ended = new Set([...all, ...Object.values(CALLERS)].map(({ spanId }) => spanId));
    expect(all.filter(({ parentSpanId }) => !ended.has(parentSpanId ?? ''))).toEqual([]);
    for (const { attributes } of all.filter(({ name }) => name !== 'call of a provider')) {
      const order = attributes.find(({ key: name }) => name === 'holdfast.order')?.value.intValue;
      expect([orders.v1, orders.v2]).toContain(order);
    }
  });

  it('spans have no attribute but those of the list, and no key, link or text from outside', () => {
    const names = new Set(spans().flatMap(({ attributes }) => attributes.map(({ key: name }) => name)));
    expect([...names].filter((name) => !(ATTRIBUTES as readonly string[]).includes(name))).toEqual([]);
    expect(spans().flatMap(({ events }) => events)).toEqual([]);
    const all = collector.heard.map(({ bytes }) => bytes.toString('utf8')).join('\n');
    for (const secret of [key, 'hf_', 'upstream-key', 'a-private-link', 'a-customer', 'funds', poor.url, panel.url])
      expect(all).not.toContain(secret);
  });

  it('a provider gets no header of the trace', () => {
    expect(panel.adds()).toHaveLength(2);
    const names = [poor, panel].flatMap(({ headers }) => headers.flatMap((one) => Object.keys(one)));
    expect(names.filter((name) => /trace|baggage|b3|sentry/i.test(name))).toEqual([]);
  });

  it('log lines of API and worker have the request, the order and the trace', () => {
    const about = { order: orders.v1, traceId: CALLERS.v1.traceId, requestId: expect.stringMatching(/^[\da-f-]{36}$/) };
    expect(lines).toContainEqual(expect.objectContaining({ process: 'api', path: '/v1/orders', ...about }));
    expect(lines).toContainEqual(expect.objectContaining({ process: 'worker', trouble: 'funds', ...about }));
    expect(lines).toContainEqual(
      expect.objectContaining({ process: 'api', path: '/api/v2', order: orders.v2, traceId: CALLERS.v2.traceId }),
    );
  });
});

describe('without a collector', () => {
  it('nothing is traced, orders that began with tracing go on, and log lines have the request and the order', async () => {
    const before = collector.heard.length;
    lines.length = 0;
    panel.onStatus = () => ({ status: 'Completed', remains: '0', charge: '0.5', start_count: '10' });
    await world.startWorkers();
    const api = await serve(createApiLog('info', kept));
    for (const order of [orders.v1, orders.v2])
      await expect.poll(async () => (await api.v1(`/v1/orders/${order}`, { key })).body.status).toBe('Completed');
    await api.close();
    expect(collector.heard).toHaveLength(before);
    expect(lines).toContainEqual(
      expect.objectContaining({
        process: 'api',
        path: `/v1/orders/${orders.v1}`,
        order: orders.v1,
        requestId: expect.any(String),
      }),
    );
    expect(lines.filter(({ traceId }) => traceId !== undefined)).toEqual([]);
  });

  it.each(['with', 'without'])('what ran under both replays %s tracing', async (which) => {
    const workflowBundle = which === 'with' ? tracedBundle : sharedWorkflows();
    const history = await world.temporal.workflow.getHandle(orderWorkflowId(orders.v1)).fetchHistory();
    await expect(Worker.runReplayHistory({ workflowBundle }, history)).resolves.toBeUndefined();
  });
});
