/** Every attribute that a span may have. None holds a key, a link, an address or text from outside. */
export const ATTRIBUTES = [
  'error.type',
  'holdfast.account',
  'holdfast.action',
  'holdfast.order',
  'holdfast.outcome',
  'holdfast.provider',
  'holdfast.request_id',
  'http.request.method',
  'http.response.status_code',
  'http.route',
  'temporal.attempt',
  'temporal.run_id',
  'temporal.workflow_id',
] as const;

export type Attributes = Readonly<Partial<Record<(typeof ATTRIBUTES)[number], string | number | undefined>>>;

/** A span as W3C Trace Context names it: 32 and 16 hexadecimal digits. */
export interface SpanRef {
  readonly traceId: string;
  readonly spanId: string;
}

export interface NewSpan {
  /** From code, never from a request. */
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  readonly attributes?: Attributes;
}

/** A span that is over, and whose id was chosen elsewhere. Times are milliseconds since 1970. */
export interface PastSpan extends NewSpan, SpanRef {
  readonly parentSpanId?: string | undefined;
  /** A span of another trace that this one goes on from. */
  readonly link?: SpanRef | undefined;
  readonly begunAt: number;
  readonly endedAt: number;
}

/** Adds attributes to the span that `work` runs in. */
export type SetAttributes = (attributes: Attributes) => void;

export interface Tracing {
  /** Runs work as a span below `parent`, in this process or another; without a parent the span begins a trace. */
  enter<T>(parent: SpanRef | undefined, span: NewSpan, work: (set: SetAttributes) => Promise<T>): Promise<T>;
  /** Runs work as a span below the present one. Work that is in no span gets none. */
  within<T>(span: NewSpan, work: (set: SetAttributes) => Promise<T>): Promise<T>;
  /** The span that the present work is in, and whether it is recorded. */
  present(): (SpanRef & { readonly sampled: boolean }) | undefined;
  /** Changes the present span. */
  note(attributes: Attributes, name?: string): void;
  record(span: PastSpan): void;
  /** Sends what was recorded, for a few seconds at most. Spans that end later are lost. */
  end(): Promise<void>;
}
