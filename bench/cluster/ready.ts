import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import postgres from 'postgres';
import { isNotFound } from '../../activities/runtime/grpc.ts';
import { NAMESPACE } from './namespace.ts';
import { DATABASES } from './store.ts';

const READY_LIMIT_MS = 60_000;
const ASK_EVERY_MS = 100;

/** The cluster's frontend, PostgreSQL and number of shards. */
export interface Started {
  readonly address: string;
  readonly postgresUrl: string;
  readonly shards: number;
}

/** Returns when the frontend reaches history and matching, and history has taken all shards. Throws after a minute. */
export async function untilEveryServiceAnswers({ address, postgresUrl, shards }: Started): Promise<void> {
  const connection = await Connection.connect({ address });
  const url = new URL(postgresUrl);
  url.pathname = `/${DATABASES.histories}`;
  const sql = postgres(url.href, { max: 1 });
  try {
    await until('history', () => historyAnswers(connection));
    await until('matching', () => matchingAnswers(connection));
    await until(`history with all ${shards} shards`, async () => (await shardsTaken(sql)) === shards);
  } finally {
    await sql.end();
    await connection.close();
  }
}

async function historyAnswers({ workflowService }: Connection): Promise<boolean> {
  try {
    await workflowService.describeWorkflowExecution({ namespace: NAMESPACE, execution: { workflowId: 'none' } });
    return true;
  } catch (error) {
    return isNotFound(error);
  }
}

async function matchingAnswers({ workflowService }: Connection): Promise<boolean> {
  try {
    await workflowService.describeTaskQueue({ namespace: NAMESPACE, taskQueue: { name: 'none' }, taskQueueType: 1 });
    return true;
  } catch {
    return false;
  }
}

/** History writes the row of a shard when it takes the shard for the first time. */
async function shardsTaken(sql: postgres.Sql): Promise<number> {
  const [row] = await sql<{ taken: number }[]>`select count(*)::int as taken from shards`;
  return row?.taken ?? 0;
}

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + READY_LIMIT_MS;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`Temporal's ${what} did not answer within ${READY_LIMIT_MS / 1_000} s`);
    await delay(ASK_EVERY_MS);
  }
}
