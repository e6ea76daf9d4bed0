/** The worker process: runs the workflows and everything they do to the world. */
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { providerIds } from '../db/batches.ts';
import { connect } from '../db/client.ts';
import { openMasses } from '../db/masses.ts';
import { isMigrated } from '../db/migrate.ts';
import { errorForLog } from '../db/trouble.ts';
import { createMailer } from '../net/mailer.ts';
import { loadConfig } from './config.ts';
import { serveHealth } from './health.ts';
import { ensureSchedules } from './housekeeping/schedules.ts';
import { ensureMass } from './masses.ts';
import { ensureSearchAttributes } from './search-attributes.ts';
import { createWatches } from './watches.ts';
import { ensureOutbox } from './webhooks/ensure-outbox.ts';
import { createWorkers, installRuntime } from './workers.ts';

/** How often every provider's watch is seen to, the outbox, and every list that is being placed. */
const WATCHES_MS = 30_000;

const config = loadConfig();
const log = pino({ level: config.LOG_LEVEL, base: { process: 'worker' }, serializers: { err: errorForLog } });
installRuntime(log);

const sql = connect(config.DATABASE_URL, { name: 'holdfast-worker', max: 20 });
if (!(await isMigrated(sql))) throw new Error('the database is not at this version: run the migrations first');

const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
await ensureSearchAttributes(connection, config.TEMPORAL_NAMESPACE);
const temporal = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
await ensureSchedules(temporal);
const watches = createWatches(temporal);
const seeToWatches = async () => {
  await ensureOutbox(temporal);
  for (const provider of await providerIds(sql)) await watches.ensure(provider);
  for (const list of await openMasses(sql)) await ensureMass(temporal, list);
};

const { SMTP_URL, MAIL_FROM } = config;
const hasMail = SMTP_URL !== undefined && MAIL_FROM !== undefined;
const deps = {
  sql,
  temporal,
  log,
  masterKey: config.HOLDFAST_MASTER_KEY,
  currency: config.CURRENCY,
  allowLoopback: config.ALLOW_LOOPBACK_URLS,
  ...(config.COUNTER_URL === undefined ? {} : { counterUrl: config.COUNTER_URL }),
  ...(hasMail ? { mailer: createMailer({ url: SMTP_URL, from: MAIL_FROM }) } : {}),
};
const workers = await createWorkers({ connection, namespace: config.TEMPORAL_NAMESPACE, deps });
const health = await serveHealth({ host: config.WORKER_HOST, port: config.WORKER_PORT, workers });

const timer = setInterval(() => {
  seeToWatches().catch((error: unknown) => log.error({ err: error }, 'the watches and lists could not be seen to'));
}, WATCHES_MS);
await seeToWatches();
log.info('the worker runs');

const stop = () => {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);

try {
  await Promise.all(workers.map((worker) => worker.run()));
} finally {
  clearInterval(timer);
  health.close();
  await connection.close();
  await sql.end({ timeout: 5 });
}
