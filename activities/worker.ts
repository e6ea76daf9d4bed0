/** The worker process: runs the workflows and all their effects on the world. */
import { Client } from '@temporalio/client';
import { GracefulShutdownPeriodExpiredError } from '@temporalio/worker';
import { connect } from '../db/client.ts';
import { providerIds } from '../db/delivery/batches.ts';
import { databaseFit, FIT_ADVICE } from '../db/migration-state.ts';
import { openBulkOrders } from '../db/placement/bulk-orders.ts';
import { PoolUse } from '../db/pool-use.ts';
import { openBulkResolutions } from '../db/review/bulk-resolutions.ts';
import { certificateEnds } from '../db/settings/certificates.ts';
import { databaseTls } from '../db/settings/database.ts';
import { temporalConnection } from '../db/settings/temporal.ts';
import { createMailer } from '../net/mailer.ts';
import { startTracing } from '../net/start-tracing.ts';
import { TASK_QUEUE, WEBHOOK_TASK_QUEUE } from '../workflows/contract.ts';
import { createWatches } from './delivery/watches.ts';
import { ensureSchedules } from './housekeeping/schedules.ts';
import { ensureBulkOrders } from './placement/ensure-bulk-orders.ts';
import { createCallLog } from './provider/call-log.ts';
import { ensureBulkResolution } from './review/bulk-resolution.ts';
import { loadConfig } from './runtime/config.ts';
import { connectWorker } from './runtime/connection.ts';
import { becomeCurrent } from './runtime/deployment.ts';
import { serveHealth } from './runtime/health.ts';
import { createLogger } from './runtime/log.ts';
import { createWorkerMetrics } from './runtime/metrics.ts';
import { installMeasuredRuntime } from './runtime/sdk-metrics.ts';
import { ensureSearchAttributes } from './runtime/search-attributes.ts';
import { backlogOf, Progress, standingStill } from './runtime/standstill.ts';
import { createWorkers } from './runtime/workers.ts';
import { ensureOutbox } from './webhook/ensure-outbox.ts';

/** A stopping worker that still runs after this long exits; docker-compose would kill it after a minute. */
const LAST_RESORT_MS = 50_000;
/** How often the worker reads its API key again, checks that the database still fits, and ensures that watches, outbox, bulk orders and bulk resolutions run. */
const WATCHES_MS = 30_000;
const CONNECTIONS = 20;

const config = loadConfig();
const log = createLogger(config.LOG_LEVEL);
const sdkMetrics = await installMeasuredRuntime(log);
const tracing = await startTracing(config, 'holdfast-worker', log);

const server = temporalConnection(config);
const pool = new PoolUse('worker', CONNECTIONS);
const sql = pool.counted(
  connect(config.DATABASE_URL, { name: 'holdfast-worker', max: CONNECTIONS, tls: databaseTls(config) }),
);
const fit = await databaseFit(sql);
if (fit !== 'fits') throw new Error(FIT_ADVICE[fit]);

const connection = await connectWorker(server);
await ensureSearchAttributes(connection, config.TEMPORAL_NAMESPACE);
const temporal = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
await ensureSchedules(temporal);
const watches = createWatches(temporal);
const ensureLongRunning = async () => {
  await ensureOutbox(temporal);
  for (const provider of await providerIds(sql)) await watches.ensure(provider);
  for (const list of await openBulkOrders(sql)) await ensureBulkOrders(temporal, list);
  for (const bulk of await openBulkResolutions(sql)) await ensureBulkResolution(temporal, bulk);
};

const { SMTP_URL, MAIL_FROM, WORKER_BUILD_ID: build } = config;
const hasMail = SMTP_URL !== undefined && MAIL_FROM !== undefined;
const backlog = backlogOf(temporal);
const metrics = createWorkerMetrics({
  build,
  pools: () => [pool.figures()],
  certificates: () => certificateEnds(config),
  backlog,
  sdk: sdkMetrics,
  log,
});
const calls = metrics.measured(createCallLog(sql, log));
const deps = {
  sql,
  calls,
  metrics,
  temporal,
  log,
  masterKey: config.HOLDFAST_MASTER_KEY,
  currency: config.CURRENCY,
  allowLoopback: config.ALLOW_LOOPBACK_URLS,
  ...(config.PUBLIC_URL === undefined ? {} : { publicUrl: config.PUBLIC_URL }),
  ...(config.COUNTER_URL === undefined ? {} : { counterUrl: config.COUNTER_URL }),
  ...(build === undefined ? {} : { build }),
  ...(tracing === undefined ? {} : { tracing }),
  ...(hasMail ? { mailer: createMailer({ url: SMTP_URL, from: MAIL_FROM }) } : {}),
};
const progress = new Progress();
const workers = await createWorkers({
  connection,
  namespace: config.TEMPORAL_NAMESPACE,
  deps,
  progress,
  activitySlots: config.WORKER_ACTIVITY_SLOTS,
});
const health = await serveHealth({
  host: config.WORKER_HOST,
  port: config.WORKER_PORT,
  workers,
  standingStill: () => standingStill([TASK_QUEUE, WEBHOOK_TASK_QUEUE], progress, backlog),
  metrics,
  log,
});

const stop = () => {
  // A stopping process must end: the next worker takes up what this one leaves.
  setTimeout(() => process.exit(1), LAST_RESORT_MS).unref();
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
};
const stopIfTooOld = async () => {
  if ((await databaseFit(sql)) !== 'ahead') return;
  log.fatal(FIT_ADVICE.ahead);
  stop();
};
/** The API asks for the key with each call; the worker's connection keeps the one that it was given. */
const renewApiKey = async () => {
  if (server.apiKey !== undefined) await connection.setApiKey(server.apiKey());
};
const timer = setInterval(() => {
  Promise.all([renewApiKey(), stopIfTooOld(), ensureLongRunning()]).catch((error: unknown) =>
    log.error({ err: error }, 'failed to check the database, or to ensure watches, outbox and lists'),
  );
}, WATCHES_MS);
await ensureLongRunning();
log.info('the worker runs');

process.once('SIGTERM', stop);
process.once('SIGINT', stop);

try {
  const runs = workers.map((worker) => worker.run());
  if (build !== undefined)
    becomeCurrent(temporal, build, log).catch((error: unknown) =>
      log.error({ err: error }, 'failed to read the current build'),
    );
  await Promise.all(runs);
} catch (error) {
  if (!(error instanceof GracefulShutdownPeriodExpiredError)) throw error;
  // The connection cannot be closed under work that still hangs.
  log.error('the stopping worker was given up: some of its work hangs');
  process.exit(1);
} finally {
  clearInterval(timer);
  health.close();
  await connection.close();
  await calls.flush();
  await tracing?.end();
  await sql.end({ timeout: 5 });
}
