import type { Tracing } from './tracing.ts';

export interface TracingSettings {
  /** The collector's address, without `/v1/traces`; absent: tracing is off. */
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  /** Headers of requests to the collector. */
  readonly OTEL_EXPORTER_OTLP_HEADERS?: Readonly<Record<string, string>> | undefined;
  /** The share of traces that are recorded, 0 to 1. */
  readonly OTEL_TRACES_SAMPLER_ARG: number;
}

interface Log {
  warn(about: object, message: string): void;
}

/** Tracing of a service; undefined when the settings name no collector: then nothing of OpenTelemetry is loaded. */
export async function startTracing(
  { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...settings }: TracingSettings,
  service: 'holdfast-api' | 'holdfast-worker',
  log: Log,
): Promise<Tracing | undefined> {
  if (endpoint === undefined) return undefined;
  const { openTelemetry } = await import('./open-telemetry.ts');
  return openTelemetry({
    service,
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    headers: settings.OTEL_EXPORTER_OTLP_HEADERS ?? {},
    share: settings.OTEL_TRACES_SAMPLER_ARG,
    onFailure: (why) => log.warn({ why }, 'the collector does not take traces; spans are lost until it does'),
  });
}
