/** The API process. */
import { setTimeout as delay } from 'node:timers/promises';
import { migrate } from '../db/migrate.ts';
import { certificateEnds } from '../db/settings/certificates.ts';
import { databaseTls } from '../db/settings/database.ts';
import { temporalConnection } from '../db/settings/temporal.ts';
import { askTemporalOnce } from '../net/ask-temporal.ts';
import { startTracing } from '../net/start-tracing.ts';
import { createRequestLog } from './account/request-log.ts';
import { createApp } from './app.ts';
import { loadConfig } from './config.ts';
import { drainable } from './http/drain.ts';
import { createLogger } from './http/logging.ts';
import { createHttpServer } from './http/server.ts';
import { createMetrics } from './metrics/metrics.ts';
import { serveMetrics } from './metrics/server.ts';
import { openPools } from './pools.ts';
import { temporalClient } from './temporal.ts';

/** Longer than the longest request: a list of orders waits for its turn, is placed, and its claims are read a last time. */
const DRAIN_MS = 36_000;

const config = loadConfig();
const log = createLogger(config.LOG_LEVEL);
const tracing = await startTracing(config, 'holdfast-api', log);
const to = temporalConnection(config);
const pools = openPools(config.DATABASE_URL, databaseTls(config));
if (config.MIGRATE) await migrate(pools.sql);

// The process starts without either engine; /readyz says which one is missing.
const temporal = temporalClient(to, config.TEMPORAL_NAMESPACE, tracing);

askTemporalOnce(to).catch((error: unknown) =>
  log.warn({ err: error }, 'Temporal does not answer: look at TEMPORAL_ADDRESS, TEMPORAL_TLS_… and TEMPORAL_API_KEY'),
);

const closing = new AbortController();
const { end: endPools, ...connections } = pools;
const deps = {
  ...connections,
  temporal,
  config,
  log,
  closing: closing.signal,
  requests: createRequestLog(pools.sql, log),
  ...(tracing === undefined ? {} : { tracing }),
};
const metrics = createMetrics(deps, () => certificateEnds(config));
const shown = await serveMetrics(metrics, { host: config.METRICS_HOST, port: config.METRICS_PORT }, log);
const server = createHttpServer(createApp(deps, metrics));
const endConnections = drainable(server);
server.once('error', (error) => {
  log.fatal({ err: error }, 'API cannot listen');
  process.exit(1);
});
server.listen(config.API_PORT, config.API_HOST, () => log.info({ address: server.address() }, 'API listening'));

/**
 * Says that it is not ready, and takes requests for `seconds` more, because a proxy does not see that at once. Then stops taking
 * requests, waits for the running ones, and closes the connections.
 */
async function drain(seconds: number): Promise<void> {
  log.info('API stopping');
  closing.abort();
  await delay(seconds * 1_000);
  await endConnections(DRAIN_MS);
  await deps.requests.flush();
  // Temporal's connection is left open until the process exits: a closed one throws when the client retries a call.
  shown.close();
  await tracing?.end();
  await endPools();
}

let draining = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (draining) return;
    draining = true;
    // A person presses Ctrl-C, and no proxy stands in front.
    drain(signal === 'SIGTERM' ? config.API_DRAIN_SECONDS : 0).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'API did not stop cleanly');
        process.exit(1);
      },
    );
  });
}
