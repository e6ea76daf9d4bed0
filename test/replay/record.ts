/**
 * `npm run record:histories`: runs one order of each kind on a real Temporal server and keeps its history, as `temporal workflow
 * show --output json` writes it.
 * Committed histories prove that a later version still replays them. Record a new one beside the old when an order's workflow
 * gains a step; never replace one that ran in production.
 * `npm run record:histories -- refilled queued` records only these two.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { ensureTemporalCli } from '../../dev/engines/temporal-cli.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';
import { postgresForTests, temporalForTests } from '../support/engines/engines.ts';
import { placeClaim } from '../support/reads/place.ts';
import { openWorld } from '../support/worlds/world.ts';
import { RECORDED_ORDERS, until } from './recorded-orders.ts';

const [, , ...wanted] = process.argv;
const folder = new URL('./histories/', import.meta.url);
const cli = await ensureTemporalCli({ log: console.log });
const [postgres, temporal] = await Promise.all([postgresForTests(), temporalForTests()]);
const world = await openWorld({ postgresUrl: postgres.value, temporalAddress: temporal.value, identity: 'recorded' });
try {
  await world.startWorkers();
  const counted = { verify: 'counter', counter_url: `${world.provider.url}/counter`, recheck_seconds: 1 };
  const chosen = RECORDED_ORDERS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  for (const { name, sim, request, service, before, counted: isCounted, when, people, until: end } of chosen) {
    const shop = await world.shop({ service: { ...service, ...(isCounted ? counted : {}) } });
    const link = `https://example.com/${name}?sim=${sim}`;
    await before?.(world, shop, link);
    const orderId = await shop.claim({ link, ...request });
    await placeClaim(world.sql, world.temporal, orderId);
    const order = world.temporal.workflow.getHandle(orderWorkflowId(orderId));
    if (people !== undefined) {
      await until(order, when ?? {});
      await people(order);
    }
    if (end === undefined) await order.result();
    else await until(order, end);
    const { stdout } = await promisify(execFile)(
      cli,
      [
        'workflow',
        'show',
        '--address',
        temporal.value,
        '--namespace',
        world.namespace,
        '--workflow-id',
        orderWorkflowId(orderId),
        '--output',
        'json',
      ],
      { maxBuffer: 64 * 1024 * 1024 },
    );
    await writeFile(new URL(`${name}.json`, folder), stdout);
    console.log(`${name}: ${(JSON.parse(stdout) as { events: unknown[] }).events.length} events`);
  }
} finally {
  await world.close();
  await Promise.all([postgres.stop(), temporal.stop()]);
}
