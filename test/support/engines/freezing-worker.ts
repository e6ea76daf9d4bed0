/**
 * A worker process that only runs activities, one at a time, and stops itself with SIGSTOP just before it sends. It prints
 * `frozen` then, and `thawed` when it was continued and the send is over.
 */
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { createOrderActivities } from '../../../activities/index.ts';
import type { Deps } from '../../../activities/runtime/deps.ts';
import { CONNECTION } from '../../../activities/runtime/workers.ts';
import { connect } from '../../../db/client.ts';
import { TASK_QUEUE } from '../../../workflows/contract.ts';

const [databaseUrl = '', address = '', namespace = '', masterKey = ''] = process.argv.slice(2);
const sql = connect(databaseUrl, { name: 'holdfast-frozen', max: 2 });
const temporal = new Client({ connection: await Connection.connect({ address }), namespace });
const deps: Deps = {
  sql,
  temporal,
  masterKey: Buffer.from(masterKey, 'hex'),
  currency: 'USD',
  allowLoopback: true,
  log: pino({ level: 'silent' }),
  faults: (point) => {
    if (point === 'beforeSend') {
      process.stdout.write('frozen\n');
      process.kill(process.pid, 'SIGSTOP');
    }
    if (point === 'afterSend') process.stdout.write('thawed\n');
  },
};
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address, ...CONNECTION }),
  namespace,
  taskQueue: TASK_QUEUE,
  activities: createOrderActivities(deps, { ensure: async () => {} }),
  // One slot, so that Temporal gives the frozen worker no second task, which would never run.
  maxConcurrentActivityTaskExecutions: 1,
});
await worker.run();
