import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createOrderActivities } from '../../activities/index.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { resolveUpdate, TASK_QUEUE } from '../../workflows/contract.ts';
import { SteppedOrder } from '../support/model/stepped-order.ts';
import { placeClaim } from '../support/reads/place.ts';
import { realWorld, sharedWorkflows, type World } from '../support/worlds/world.ts';

const FREEZING = fileURLToPath(new URL('../support/engines/freezing-worker.ts', import.meta.url));

describe('a worker frozen with SIGSTOP just before it sends', () => {
  let world: World;
  let child: ChildProcess;
  let said = '';
  let stopWorkflows: () => Promise<void>;

  beforeAll(async () => {
    world = await realWorld();
    const address = inject('temporalAddress');
    const args = [world.url, address, world.namespace, world.masterKey.toString('hex')];
    child = spawn(process.execPath, ['--import', 'tsx', FREEZING, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout?.on('data', (text: Buffer) => {
      said += text.toString();
    });
    // This worker runs only the workflows. Only the other process takes activities, and so the send.
    const connection = await NativeConnection.connect({ address });
    const deps = { ...world, currency: 'USD', allowLoopback: true, log: pino({ level: 'silent' }) };
    const worker = await Worker.create({
      connection,
      namespace: world.namespace,
      taskQueue: TASK_QUEUE,
      workflowBundle: sharedWorkflows(),
      activities: createOrderActivities(deps, { ensure: async () => {} }),
      enableNonLocalActivities: false,
    });
    const running = worker.run();
    stopWorkflows = async () => {
      worker.shutdown();
      await running;
      await connection.close();
    };
  });
  afterAll(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    await stopWorkflows();
    expect(await verifyLedger(world.sql)).toEqual([]);
    await world.close();
  });

  it('does not send once it is thawed, for its order has been resolved notPlaced and sent by another', async () => {
    const link = 'https://example.com/frozen?sim=seconds:1';
    const { claim } = await world.shop();
    const id = await claim({ link });
    await placeClaim(world.sql, world.temporal, id);
    await expect.poll(() => said, { timeout: 60_000 }).toBe('frozen\n');
    const attempts = async () =>
      (await world.sql`select attempt, state from attempts where order_id = ${id} order by attempt`).map(
        ({ attempt, state }) => `${attempt} ${state}`,
      );
    expect(await attempts()).toEqual(['1 sending']);
    expect(world.provider.adds(link)).toEqual([]);

    // The other workers notice the missing heartbeats, wait until the send must have ended, and raise attention.
    await world.startWorkers();
    const attention = async () => (await world.sql`select attention from orders where id = ${id}`)[0]?.attention;
    await expect.poll(attention, { timeout: 150_000 }).toBe('uncertain');
    expect(world.provider.adds(link)).toEqual([]);
    const notPlaced = { reason: 'it is not there', action: 'notPlaced' };
    await new SteppedOrder(world, id, link).ask(resolveUpdate, notPlaced);
    const status = async () => (await world.sql`select status from orders where id = ${id}`)[0]?.status;
    await expect.poll(status, { timeout: 60_000 }).toBe('Completed');
    expect(world.provider.adds(link)).toHaveLength(1);

    child.kill('SIGCONT');
    await expect.poll(() => said, { timeout: 60_000 }).toBe('frozen\nthawed\n');
    expect(world.provider.adds(link)).toHaveLength(1);
    expect(world.provider.orders(link)).toHaveLength(1);
    expect(await attempts()).toEqual(['1 released', '2 accepted']);
  }, 300_000);
});
