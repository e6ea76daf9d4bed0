import { afterAll, expect, it } from 'vitest';
import { watchWorkflowId } from '../../workflows/contract.ts';
import { placeClaim } from '../support/reads/place.ts';
import { alertAbout, reconcile, reconcilingWorld } from '../support/worlds/reconciling.ts';

const { world, read, statusOf, link, close } = await reconcilingWorld();
const soon = { timeout: 30_000 };

afterAll(close);

it('a watch that somebody ended is started again, and an alert says for how long nobody looked', async () => {
  const { claim, providers } = await world.shop();
  const [provider = 0] = providers;
  const id = await claim(link('stall'));
  await placeClaim(world.sql, world.temporal, id);
  const rounds = () => world.sql`select from watch_rounds where provider_id = ${provider}`;
  await expect.poll(async () => (await rounds()).length, soon).toBe(1);
  await world.temporal.workflow.getHandle(watchWorkflowId(provider)).terminate('by a person');
  await world.sql`update watch_rounds set at = at - interval '1 hour' where provider_id = ${provider}`;
  const alert = () => alertAbout(world, 'batch_unwatched', `provider:${provider}`);
  expect((await reconcile(world))('batch_unwatched')).toBe('1 found, 1 repaired');
  expect(await alert()).toMatchObject({
    state: 'open',
    detail: expect.stringContaining('it was not asked about its running batches'),
  });
  expect(await statusOf(watchWorkflowId(provider))).toBe('RUNNING');
  // The process of the workers has written a mark a moment before, and writes the next one 30 seconds after it.
  await expect
    .poll(
      async () => {
        await reconcile(world);
        return alert();
      },
      { timeout: 90_000, interval: 1_000 },
    )
    .toMatchObject({ state: 'resolved' });
});

it('a provider that answers nothing about running orders for minutes is an alert, until it answers', async () => {
  const { claim, providers } = await world.shop();
  const [provider = 0] = providers;
  const target = link('stall');
  const id = await claim(target);
  await placeClaim(world.sql, world.temporal, id);
  await expect.poll(read(id), soon).toMatchObject({ status: 'In progress' });
  const faults = (method: string, body?: object) =>
    fetch(`${world.provider.url}/control/faults`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  const silent = () => world.sql`select from watch_rounds where provider_id = ${provider} and silent_since is not null`;
  const alert = () => alertAbout(world, 'provider_silent', `provider:${provider}`);
  await faults('POST', { fault: 'http:500', action: 'status', link: target.link, times: 1_000_000 });
  await expect.poll(async () => (await silent()).length, soon).toBe(1);
  expect((await reconcile(world))('provider_silent')).toBe('0 found, 0 repaired');
  await world.sql`update watch_rounds set silent_since = silent_since - interval '1 hour' where provider_id = ${provider}`;
  expect((await reconcile(world))('provider_silent')).toBe('1 found, 0 repaired');
  expect(await alert()).toMatchObject({ state: 'open', detail: expect.stringContaining('answered nothing') });
  expect(await read(id)()).toMatchObject({ status: 'In progress' });
  await faults('DELETE');
  await expect.poll(async () => (await silent()).length, soon).toBe(0);
  expect((await reconcile(world))('provider_silent')).toBe('0 found, 0 repaired');
  expect(await alert()).toMatchObject({ state: 'resolved' });
});
