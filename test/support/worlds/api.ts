import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Client } from '@temporalio/client';
import { type Logger, pino } from 'pino';
import type { RequestLog } from '../../../api/account/request-log.ts';
import { createApp } from '../../../api/app.ts';
import type { Deps } from '../../../api/deps.ts';
import { createHttpServer } from '../../../api/http/server.ts';
import type { RateSettings } from '../../../api/limits/rate-limits.ts';
import { createMetrics } from '../../../api/metrics/metrics.ts';
import { serveMetrics } from '../../../api/metrics/server.ts';
import { openPools } from '../../../api/pools.ts';

export interface ApiParts {
  /** Url of the database; the API opens its own connections. */
  readonly appUrl: string;
  /** Database pools to use instead. */
  readonly pools?: Partial<Pick<Deps, 'sql' | 'authSql' | 'streamSql' | 'reads'>>;
  readonly temporal: Client;
  readonly masterKey: Buffer;
  readonly allowLoopback?: boolean;
  /** Url of the installation's own counter (COUNTER_URL). */
  readonly counterUrl?: string;
  /** Whether the installation sends e-mail. */
  readonly mail?: boolean;
  /** Rate limits that differ from the defaults. */
  readonly rates?: Partial<RateSettings>;
  /** Aborted when the process is to stop. */
  readonly closing?: AbortSignal;
  /** Default: the latest requests of accounts are not noted. */
  readonly requests?: RequestLog;
  /** Default: logs nothing. */
  readonly log?: Logger;
  /** Default: requests are not traced. */
  readonly tracing?: Deps['tracing'];
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Loosely typed: each test expects other fields.
  readonly body: Readonly<Record<string, unknown>>;
}

interface Call {
  readonly key?: string | undefined;
  readonly body?: unknown;
  readonly idempotencyKey?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}

/** The API on its own port, called over HTTP as clients do. */
export interface ServedApi {
  readonly url: string;
  readonly metricsUrl: string;
  /** REST v1; with a body it is a POST. */
  v1(path: string, call?: Call): Promise<Answer>;
  /** Panel API v2, as a form. */
  v2(fields: Readonly<Record<string, string>>): Promise<Answer['body']>;
  close(): Promise<void>;
}

export async function serveApi({
  appUrl: databaseUrl,
  pools: given,
  temporal,
  masterKey,
  allowLoopback = true,
  counterUrl,
  mail = false,
  rates,
  closing,
  requests,
  log = pino({ level: 'silent' }),
  tracing,
}: ApiParts): Promise<ServedApi> {
  const config = {
    CURRENCY: 'USD',
    HOLDFAST_MASTER_KEY: masterKey,
    ALLOW_LOOPBACK_URLS: allowLoopback,
    COUNTER_URL: counterUrl,
    SMTP_URL: mail ? 'smtp://127.0.0.1:9' : undefined,
    ...rates,
  };
  const { end, ...usual } = openPools(databaseUrl);
  const deps = {
    ...usual,
    ...given,
    temporal,
    config,
    log,
    ...(closing === undefined ? {} : { closing }),
    ...(tracing === undefined ? {} : { tracing }),
    ...(requests === undefined ? {} : { requests }),
  };
  const metrics = createMetrics(deps);
  const shown = await serveMetrics(metrics, { host: '127.0.0.1', port: 0 }, log);
  const server = createHttpServer(createApp(deps, metrics));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    metricsUrl: `http://127.0.0.1:${(shown.address() as AddressInfo).port}/metrics`,
    v1: async (path, { key, body, idempotencyKey, headers, method } = {}) => {
      const response = await fetch(url + path, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: {
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
    },
    v2: async (fields) => {
      const response = await fetch(`${url}/api/v2`, { method: 'POST', body: new URLSearchParams(fields) });
      if (response.status !== 200) throw new Error(`panel API v2 answered with ${response.status}`);
      return (await response.json()) as Answer['body'];
    },
    close: async () => {
      server.closeAllConnections();
      shown.close();
      await new Promise((resolve) => server.close(resolve));
      await end();
    },
  };
}
