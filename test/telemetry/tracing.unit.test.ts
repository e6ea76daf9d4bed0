import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { defaultPayloadConverter } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { readTraceparent, writeTraceparent } from '../../domain/trace-context.ts';
import { inLogContext, logContext } from '../../net/log-context.ts';
import { openTelemetry } from '../../net/open-telemetry.ts';
import { startTracing } from '../../net/start-tracing.ts';
import { carriedTrace, carryTrace } from '../../workflows/carried-trace.ts';
import { traceOf } from '../../workflows/tracing.ts';
import { openReceiver } from '../support/peers/receiver.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const PARENT = { traceId: TRACE, spanId: SPAN, sampled: true };

describe('a traceparent', () => {
  it('is read and written', () => {
    expect(readTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual(PARENT);
    expect(readTraceparent(`00-${TRACE}-${SPAN}-02`)).toEqual({ ...PARENT, sampled: false });
    expect(writeTraceparent(PARENT)).toBe(`00-${TRACE}-${SPAN}-01`);
  });

  it('of a later version may have more fields', () => {
    expect(readTraceparent(`01-${TRACE}-${SPAN}-01-more`)).toEqual(PARENT);
  });

  it.each([
    undefined,
    '',
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE}-${SPAN}-01-more`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01\n`,
  ])('that is %j counts as none', (text) => {
    expect(readTraceparent(text)).toBeUndefined();
  });
});

describe('the header of a workflow', () => {
  it('takes the trace and the request on, beside other headers', () => {
    const other = { other: defaultPayloadConverter.toPayload(1) };
    const headers = carryTrace(other, { parent: PARENT, requestId: 'one' });
    expect(headers).toMatchObject(other);
    expect(carriedTrace(headers)).toEqual({ parent: PARENT, requestId: 'one' });
    expect(carriedTrace(other)).toBeUndefined();
  });

  it.each([null, 7, 'text', {}, { traceparent: 7 }, { traceparent: 'no' }])('that says %j counts as none', (value) => {
    expect(carriedTrace({ '_tracer-data': defaultPayloadConverter.toPayload(value) })).toBeUndefined();
  });

  it('that is no JSON counts as none', () => {
    const payload = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{') };
    expect(carriedTrace({ '_tracer-data': payload })).toBeUndefined();
  });
});

describe('the trace of a run', () => {
  const order = { workflowType: 'order', runId: '01234567-89AB-cdef-0123-456789abcdef' };
  const own = { traceId: '0123456789abcdef0123456789abcdef', sampled: true, parentSpanId: undefined };

  it('is that of the request which started it', () => {
    expect(traceOf(order, { parent: PARENT, requestId: 'one' })).toEqual({
      traceId: TRACE,
      sampled: true,
      parentSpanId: SPAN,
      link: undefined,
      requestId: 'one',
    });
  });

  it('begins anew when the run continues another one, with a link to it', () => {
    const continued = { ...order, continuedFromExecutionRunId: 'another' };
    expect(traceOf(continued, { parent: PARENT, requestId: 'one' })).toEqual({
      ...own,
      link: PARENT,
      requestId: 'one',
    });
  });

  it('begins with the run when the order began without tracing', () => {
    expect(traceOf(order, undefined)).toEqual({ ...own, link: undefined, requestId: undefined });
  });

  it('is none for work that no request started', () => {
    expect(traceOf({ ...order, workflowType: 'watch' }, undefined)).toBeUndefined();
  });
});

describe('tracing', () => {
  const options = { service: 'holdfast-api', headers: {}, share: 1, onFailure: () => {} };

  it('is off without a collector, and OpenTelemetry is imported by the one file that it loads when it is on', async () => {
    expect(await startTracing({ OTEL_TRACES_SAMPLER_ARG: 1 }, 'holdfast-api', { warn: () => {} })).toBeUndefined();
    const files = ['api', 'activities', 'workflows', 'domain', 'db', 'net'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => `${folder}/${name}`),
    );
    const importing = (what: RegExp) => files.filter((file) => what.test(readFileSync(file, 'utf8')));
    expect(importing(/from '@opentelemetry|import\('@opentelemetry/)).toEqual(['net/open-telemetry.ts']);
    expect(importing(/from '.*open-telemetry\.ts'/)).toEqual([]);
    expect(importing(/import\('.*open-telemetry\.ts'\)/)).toEqual(['net/start-tracing.ts']);
  });

  it('says once that the collector takes nothing, and not as a line of the order whose span it was', async () => {
    const collector = await openReceiver();
    collector.answer = (response) => response.writeHead(400).end();
    const said: unknown[] = [];
    const tracing = openTelemetry({ ...options, url: collector.url, onFailure: () => said.push(logContext()) });
    for (const order of [1, 2])
      await inLogContext({ order }, () => tracing.enter(undefined, { name: 'work', kind: 'internal' }, setImmediate));
    await tracing.end();
    await collector.close();
    expect(said).toEqual([{}]);
  });

  it('gives spans the type of an error and never its message', async () => {
    const collector = await openReceiver();
    const tracing = openTelemetry({ ...options, url: collector.url });
    const work = tracing.enter(undefined, { name: 'work', kind: 'internal' }, () =>
      Promise.reject(new RangeError('a private text')),
    );
    await expect(work).rejects.toThrow('a private text');
    await tracing.end();
    await collector.close();
    const sent = collector.heard.map(({ bytes }) => bytes.toString('utf8')).join();
    expect(sent).toContain('RangeError');
    expect(sent).not.toContain('a private text');
  });

  it('records the share of traces that is wanted, whatever a caller’s flag says', async () => {
    const tracing = openTelemetry({ ...options, url: 'http://127.0.0.1:9', share: 0 });
    await tracing.enter(PARENT, { name: 'work', kind: 'server' }, async () => {
      expect(tracing.present()).toEqual({
        traceId: TRACE,
        spanId: expect.stringMatching(/^[\da-f]{16}$/),
        sampled: false,
      });
    });
    await tracing.end();
  });

  it('makes no span for a part of work that is in no span', async () => {
    const collector = await openReceiver();
    const tracing = openTelemetry({ ...options, url: collector.url });
    expect(await tracing.within({ name: 'part', kind: 'client' }, async () => tracing.present())).toBeUndefined();
    await tracing.end();
    await collector.close();
    expect(collector.heard).toEqual([]);
  });
});
