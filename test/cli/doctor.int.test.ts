import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ensureSchedules } from '../../activities/housekeeping/schedules.ts';
import { diagnose } from '../../cli/doctor/diagnose.ts';
import { type Outside, thisMachine } from '../../cli/doctor/installation.ts';
import type { Settings } from '../../cli/doctor/settings.ts';
import { HOUSEKEEPING_TASKS, housekeepingId, TASK_QUEUE } from '../../workflows/contract.ts';
import { newAuthority } from '../support/engines/certificates.ts';
import { holdfast } from '../support/engines/command-line.ts';
import { testDatabase } from '../support/engines/database.ts';
import { freePort } from '../support/engines/engines.ts';
import { guardedTemporal } from '../support/engines/guarded-temporal.ts';
import { registerNamespace } from '../support/engines/namespace.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';

let on: ApiWorld;
let usual: Settings;
beforeAll(async () => {
  on = await apiWorld();
  await ensureSchedules(on.world.temporal);
  usual = {
    databaseUrl: on.world.url,
    temporalAddress: inject('temporalAddress'),
    temporalNamespace: on.world.namespace,
    masterKey: on.world.masterKey.toString('base64'),
    publicUrl: undefined,
    apiUrl: on.api.url,
    stateFolder: '/nowhere',
    isLocalStack: false,
    environment: {},
  };
});
afterAll(() => on.close());

/** What doctor finds wrong, or cannot find out, with these settings. */
async function troubles(settings: Partial<Settings>, outside: Partial<Outside> = {}) {
  const roomy = async () => ({ free: 2 ** 36, total: 2 ** 37 });
  const machine = { ...thisMachine({ now: Date.now, fetch }), space: roomy };
  const findings = await diagnose({ ...usual, ...settings }, { ...machine, ...outside }, 30_000);
  return findings.filter(({ state }) => state === 'wrong' || state === 'unknown');
}
const wrong = (check: string, says: string | RegExp, mend?: string) =>
  expect.objectContaining({
    check,
    state: 'wrong',
    says: typeof says === 'string' ? expect.stringContaining(says) : expect.stringMatching(says),
    ...(mend === undefined ? {} : { mend: expect.stringContaining(mend) }),
  });

describe('doctor', () => {
  it('finds nothing wrong with an installation that is well, and says so as the role of API and worker', async () => {
    const env = {
      DATABASE_URL: on.world.appUrl,
      TEMPORAL_ADDRESS: usual.temporalAddress,
      TEMPORAL_NAMESPACE: usual.temporalNamespace,
      HOLDFAST_MASTER_KEY: usual.masterKey ?? '',
      HOLDFAST_URL: on.api.url,
    };
    // The first proof of the books comes with the Schedules.
    await expect.poll(() => troubles({})).toEqual([]);
    const { exit, out, err } = await holdfast(['doctor', '--json', '--timeout', '30'], { env });
    const findings = JSON.parse(out) as { check: string; state: string }[];
    expect(findings.filter(({ state }) => state === 'wrong' || state === 'unknown')).toEqual([]);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).not.toContain(usual.masterKey);
  });

  it('connects to Temporal with the certificates of the environment, and says when they do not fit', async () => {
    const [authority, other] = await Promise.all([newAuthority('the company'), newAuthority('another company')]);
    const guard = await guardedTemporal({
      behind: usual.temporalAddress,
      certificate: await authority.issue('temporal.example'),
    });
    try {
      const environment = { TEMPORAL_TLS_CA: authority.cert, TEMPORAL_TLS_SERVER_NAME: 'temporal.example' };
      expect(await troubles({ temporalAddress: guard.address, environment })).toEqual([]);
      expect(
        await troubles({
          temporalAddress: guard.address,
          environment: { ...environment, TEMPORAL_TLS_CA: other.cert },
        }),
      ).toContainEqual(wrong('temporal', /cannot be reached.*certificate/));
    } finally {
      await guard.close();
    }
  });

  it('without PostgreSQL says so, and still looks at the rest', async () => {
    const port = await freePort();
    const found = await troubles({ databaseUrl: `postgres://u:secret@127.0.0.1:${port}/x` });
    expect(found).toContainEqual(wrong('postgresql', 'ECONNREFUSED', 'start PostgreSQL'));
    expect(found).toContainEqual({
      check: 'books',
      state: 'unknown',
      says: 'not known while PostgreSQL does not answer',
    });
    expect(found.filter(({ check }) => ['temporal', 'pollers', 'clock-temporal', 'api'].includes(check))).toEqual([]);
    expect(JSON.stringify(found)).not.toContain('secret');
  });

  it('without Temporal says so, and exits with 1', async () => {
    const env = { DATABASE_URL: on.world.appUrl, TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` };
    const { exit, out } = await holdfast(['doctor', '--timeout', '30'], { env });
    expect(exit).toBe(1);
    expect(out).toMatch(/^WRONG {2}temporal .*cannot be reached.*ECONNREFUSED/m);
    expect(out).toMatch(/^\? {6}pollers .*not known while Temporal does not answer$/m);
    expect(out).toMatch(/^ok {5}migrations .*the database is at this version$/m);
  });

  it('names search attributes and Schedules that are missing, and that no worker runs', async () => {
    const namespace = `test-${randomBytes(6).toString('hex')}`;
    const connection = await Connection.connect({ address: usual.temporalAddress });
    const missing = await troubles({ temporalNamespace: namespace });
    expect(missing).toContainEqual(wrong('temporal', `the namespace ${namespace} does not exist`, 'namespace create'));
    await registerNamespace(connection, namespace);
    await expect
      .poll(() => troubles({ temporalNamespace: namespace }))
      .toEqual([
        wrong('search-attributes', 'OrderStatus, Attention', 'search-attribute create'),
        wrong('pollers', 'no worker runs', 'npm run start:worker'),
        wrong('schedules', `${HOUSEKEEPING_TASKS.length} Schedules missing`, 'npm run start:worker'),
      ]);
    // A worker that polls one queue alone.
    const { workflowService } = connection;
    const over = new AbortController();
    // The server takes no poll without a deadline.
    const polls = connection.withAbortSignal(over.signal, () =>
      connection.withDeadline(Date.now() + 60_000, async () => {
        const poll = { namespace, taskQueue: { name: TASK_QUEUE }, identity: 'half a worker' };
        // The server may not know the new namespace yet, and then answers at once.
        while (!over.signal.aborted) {
          await Promise.allSettled([
            workflowService.pollWorkflowTaskQueue(poll),
            workflowService.pollActivityTaskQueue(poll),
          ]);
        }
      }),
    );
    await expect
      .poll(() => troubles({ temporalNamespace: namespace }))
      .toContainEqual(wrong('pollers', 'holdfast-watch has no poller for activity tasks'));
    over.abort();
    await polls;
    await connection.close();
  });

  it('names a Schedule and a provider that are paused', async () => {
    const schedule = on.world.temporal.schedule.getHandle(housekeepingId('reconcile'));
    await schedule.pause('by Ann');
    await on.world.sql`update providers set paused_until = now() + interval '1 hour', pause_reason = 'funds'`;
    const found = await troubles({});
    await schedule.unpause();
    await on.world.sql`update providers set paused_until = null, pause_reason = null`;
    expect(found).toEqual([
      wrong('schedules', 'housekeeping-reconcile is paused: by Ann', 'schedule toggle --unpause'),
      wrong('providers', '(funds)', 'add money'),
    ]);
  });

  it('names a clock that is wrong and a disk that is nearly full', async () => {
    const found = await troubles(
      {},
      { now: () => Date.now() + 60_000, space: async () => ({ free: 2 ** 28, total: 2 ** 36 }) },
    );
    expect(found).toEqual([
      wrong('clock-postgresql', /^PostgreSQL's clock is (5[5-9]|6[0-5])\.\d s behind this machine's$/, 'set-ntp'),
      wrong('clock-temporal', /^Temporal's clock is (5[5-9]|6[0-5])\.\d s behind this machine's$/, 'set-ntp'),
      wrong('disk', 'for the state folder (/nowhere)', 'free space'),
      wrong('disk', "256 MiB of 64.0 GiB are free for PostgreSQL's data"),
    ]);
  });

  it('names the keys of providers that the master key does not open, and shows none', async () => {
    const found = await troubles({ masterKey: randomBytes(32).toString('base64') });
    expect(found).toEqual([wrong('provider-keys', 'opens none of the 1 key of providers', 'HOLDFAST_MASTER_KEY')]);
    expect(JSON.stringify(found)).not.toContain('upstream-key');
  });

  it('says when the database is behind or ahead of this version', async () => {
    const database = await testDatabase();
    try {
      const { sql, url: databaseUrl } = database;
      await sql`delete from migrations where name = (select max(name) from migrations)`;
      expect(await troubles({ databaseUrl })).toContainEqual(
        wrong('migrations', 'it lacks 1 migration', 'npm run migrate'),
      );
      await sql`drop table migrations`;
      expect(await troubles({ databaseUrl })).toContainEqual(
        wrong('migrations', 'the database is behind', 'npm run migrate'),
      );
    } finally {
      await database.drop();
    }
  });

  it('reads the certificate of an https address', async () => {
    const { issue } = await newAuthority('a test');
    const server = createServer(await issue('localhost', { from: -80, to: 5 }));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = `localhost:${(server.address() as AddressInfo).port}`;
    const found = await troubles({ publicUrl: `https://${address}` });
    server.close();
    expect(found).toEqual([
      wrong('certificates', `does not trust the certificate of ${address}`, 'renew the certificate'),
    ]);
  });
});
