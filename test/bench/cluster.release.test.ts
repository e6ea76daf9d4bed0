import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../../bench/cluster/cluster.ts';
import { Endings } from '../../bench/endings.ts';
import { FLOOR_TASK_QUEUE, openFloorWorker } from '../../bench/world/floor-worker.ts';
import { startOf } from '../../dev/processes/process-identity.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';
import { sharedServer } from '../support/engines/database.ts';
import { scriptedPanel } from '../support/peers/panel.ts';
import { placeClaim } from '../support/reads/place.ts';
import { openWorld, sharedWorkflows, type World } from '../support/worlds/world.ts';

const BUILD_LIMIT_MS = 3_600_000;
const foldersOfBenches = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('holdfast-bench-'));

describe('the cluster of npm run bench -- --cluster', () => {
  const endings = new Endings();
  let foldersBefore: string[];
  let cluster: Cluster;
  let world: World;

  beforeAll(async () => {
    foldersBefore = await foldersOfBenches();
    cluster = await startCluster({ endings, log: console.log });
    world = await endings.opened(
      'the world',
      () => openWorld({ ...sharedServer(), temporalAddress: cluster.address, workflows: sharedWorkflows() }),
      (one) => one.close(),
    );
  }, BUILD_LIMIT_MS);
  afterAll(() => endings.close());

  it('has a process for each service of Temporal and 16 shards', () => {
    expect(cluster).toMatchObject({ server: 'Temporal 1.32.0, four services', store: 'PostgreSQL', shards: 16 });
    expect(cluster.pids.map(({ name }) => name)).toEqual(['frontend', 'history', 'matching', 'worker']);
    expect(processesOf(cluster).filter((pid) => startOf(pid) === undefined)).toEqual([]);
  });

  it('runs a workflow that does nothing', async () => {
    await openFloorWorker(endings, cluster.address, world.namespace);
    await world.temporal.workflow.execute('nothing', {
      taskQueue: FLOOR_TASK_QUEUE,
      workflowId: 'nothing',
      args: [{ local: 0, queued: 0 }],
    });
  });

  it('runs a whole order, and finds it by its search attributes', async () => {
    const panel = await endings.opened('the provider', scriptedPanel, (one) => one.close());
    panel.onStatus = () => ({ status: 'Completed', remains: '0', charge: '0.5', start_count: '10' });
    const shop = await world.shop({ providers: [panel.url] });
    await world.startWorkers();
    const orderId = await shop.claim();
    expect(await placeClaim(world.sql, world.temporal, orderId)).toMatchObject({ kind: 'order' });
    await world.temporal.workflow.getHandle(orderWorkflowId(orderId)).result();
    expect(panel.adds()).toHaveLength(1);
    await expect.poll(async () => (await world.temporal.workflow.count('OrderStatus = "Completed"')).count).toBe(1);
  });

  it('leaves no process and no folder', async () => {
    await endings.close();
    expect(processesOf(cluster).filter((pid) => startOf(pid) !== undefined)).toEqual([]);
    expect(await foldersOfBenches()).toEqual(foldersBefore);
  });
});

const processesOf = ({ pids, postgresPid }: Cluster): number[] => [...pids.map(({ pid }) => pid), postgresPid];
