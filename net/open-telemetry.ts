import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import {
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { Resource } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  RandomIdGenerator,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { noteInLog } from './log-context.ts';
import type { Attributes, NewSpan, SpanRef, Tracing } from './tracing.ts';

export interface OpenTelemetryOptions {
  readonly service: string;
  /** Where the collector takes spans. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly share: number;
  /** Called when the collector stops taking spans, once until it takes them again. */
  readonly onFailure: (why: string) => void;
}

const EXPORT_MS = 5_000;
/** A process that stops must not wait for a collector. */
const END_MS = 3_000;

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL };

/**
 * Tracing by the SDK of OpenTelemetry. Nothing of it is global, and nothing is instrumented by itself: each span is one that our code
 * asks for, so no trace header and no address can slip into a request to a provider or out of one.
 */
export function openTelemetry({ service, url, headers, share, onFailure }: OpenTelemetryOptions): Tracing {
  const current = new AsyncLocalStorage<Span>();
  /** The ids of the next span, when they were chosen elsewhere. */
  let chosen: SpanRef | undefined;
  const random = new RandomIdGenerator();
  const exporter = new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: EXPORT_MS });
  const provider = new BasicTracerProvider({
    resource: new Resource({ 'service.name': service }),
    // By the trace's id alone: a caller's flag must not decide what is recorded, and API and worker decide alike.
    sampler: new TraceIdRatioBasedSampler(share),
    idGenerator: {
      generateTraceId: () => chosen?.traceId ?? random.generateTraceId(),
      generateSpanId: () => chosen?.spanId ?? random.generateSpanId(),
    },
    spanProcessors: [new BatchSpanProcessor(tellingFailures(exporter, AsyncResource.bind(onFailure)))],
  });
  const tracer = provider.getTracer('holdfast');

  function begin({ name, kind, attributes = {} }: NewSpan, parent?: SpanRef, more: SpanOptions = {}): Span {
    const below = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, contextOf(parent));
    const span = tracer.startSpan(name, { kind: KINDS[kind], ...more }, below);
    annotate(span, attributes);
    return span;
  }

  async function run<T>(span: Span, work: (set: (attributes: Attributes) => void) => Promise<T>): Promise<T> {
    try {
      return await current.run(span, () => {
        noteInLog({ traceId: span.spanContext().traceId });
        return work((attributes) => annotate(span, attributes));
      });
    } catch (error) {
      // Never the message: it may quote what a customer or a provider sent.
      annotate(span, { 'error.type': error instanceof Error ? error.name : 'unknown' });
      throw error;
    } finally {
      span.end();
    }
  }

  return {
    enter: (parent, span, work) => run(begin(span, parent), work),
    within: (span, work) => {
      const parent = current.getStore()?.spanContext();
      return parent === undefined ? work(() => {}) : run(begin(span, parent), work);
    },
    present: () => {
      const context = current.getStore()?.spanContext();
      if (context === undefined) return undefined;
      const { traceId, spanId, traceFlags } = context;
      return { traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 };
    },
    note: (attributes, name) => {
      const span = current.getStore();
      if (span === undefined) return;
      annotate(span, attributes);
      if (name !== undefined) span.updateName(name);
    },
    record: ({ traceId, spanId, parentSpanId, link, begunAt, endedAt, ...span }) => {
      chosen = { traceId, spanId };
      const parent = parentSpanId === undefined ? undefined : { traceId, spanId: parentSpanId };
      const links = link === undefined ? [] : [{ context: contextOf(link) }];
      begin(span, parent, { startTime: begunAt, links }).end(Math.max(begunAt, endedAt));
      chosen = undefined;
    },
    end: () => Promise.race([provider.shutdown(), delay(END_MS, undefined, { ref: false })]).catch(() => {}),
  };
}

const contextOf = ({ traceId, spanId }: SpanRef) => ({
  traceId,
  spanId,
  traceFlags: TraceFlags.SAMPLED,
  isRemote: true,
});

/** Sets the attributes that have a value. A span with an error's type has failed. */
function annotate(span: Span, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) span.setAttribute(name, value);
  if (attributes['error.type'] !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Each batch is sent from a timer that the work of some order began, so `onFailure` must be bound to no work. */
function tellingFailures(exporter: SpanExporter, onFailure: (why: string) => void): SpanExporter {
  let failed = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error !== undefined && !failed) onFailure(result.error.message);
        failed = result.error !== undefined;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}
