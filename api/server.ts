/** The API process. */
import { migrate } from '../db/migrate.ts';
import { createApp } from './app.ts';
import { loadConfig } from './config.ts';
import { drainable } from './http/drain.ts';
import { createLogger } from './http/logging.ts';
import { createHttpServer } from './http/server.ts';
import { createMetrics } from './metrics/metrics.ts';
import { serveMetrics } from './metrics/server.ts';
import { openPools } from './pools.ts';
import { temporalClient } from './temporal.ts';

/** Longer than the longest request: placing a list of orders, and a last look. */
const DRAIN_MS = 27_000;

const config = loadConfig();
const log = createLogger(config.LOG_LEVEL);
const pools = openPools(config.DATABASE_URL);
if (config.MIGRATE) await migrate(pools.sql);

// Neither engine must be there for this process to start: /readyz says what is missing.
const temporal = temporalClient({ address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE });

const closing = new AbortController();
const { sql, authSql, reads } = pools;
const deps = { sql, authSql, reads, temporal, config, log, closing: closing.signal };
const metrics = createMetrics(deps);
const shown = await serveMetrics(metrics, { host: config.METRICS_HOST, port: config.METRICS_PORT }, log);
const server = createHttpServer(createApp(deps, metrics));
const endConnections = drainable(server);
server.once('error', (error) => {
  log.fatal({ err: error }, 'the API cannot listen');
  process.exit(1);
});
server.listen(config.API_PORT, config.API_HOST, () => log.info({ address: server.address() }, 'the API listens'));

/** Takes no more requests, ends those under way, then itself. */
async function drain(): Promise<void> {
  log.info('the API stops');
  const ended = endConnections(DRAIN_MS);
  closing.abort();
  await ended;
  // Temporal's connection ends with the process: a closed one throws when the client tries a call again.
  shown.close();
  await pools.end();
}

let draining = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (draining) return;
    draining = true;
    drain().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'the API did not stop cleanly');
        process.exit(1);
      },
    );
  });
}
