import { z } from 'zod';
import { optionally, secret, setting, valueOrFile } from './setting.ts';

/** `name=value,name=value`, without commas in a value. */
const headers = z
  .string()
  .refine((text) => /^[\w.-]+=[\x21-\x2b\x2d-\x7e]+(, *[\w.-]+=[\x21-\x2b\x2d-\x7e]+)*$/.test(text), {
    error: 'must be name=value, with a comma between two',
  });

/** The headers in such a text. */
function headersOf(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.trim());
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

/** Where traces go. The names are those of OpenTelemetry. */
export const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(
    optionally(z.url({ protocol: /^https?$/ })),
    'URL',
    'a collector that takes traces by OTLP over HTTP, `http://collector:4318`; without it tracing is off ([operate](operate.md#logs-and-traces))',
  ),
  ...valueOrFile(
    'OTEL_EXPORTER_OTLP_HEADERS',
    setting(
      optionally(headers).transform((text) => (text === undefined ? undefined : headersOf(text))),
      'text',
      'headers of requests to the collector, `name=value,name=value`, such as its API key',
      secret,
    ),
  ),
  OTEL_TRACES_SAMPLER_ARG: setting(
    z.coerce.number().min(0).max(1).default(1),
    'number',
    'the share of traces that are recorded, 0 to 1; the same for API and worker',
  ),
};
