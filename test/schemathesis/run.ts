/**
 * `npm run test:schemathesis`: serves the API on real engines and has Schemathesis send it whatever its OpenAPI document
 * allows, and much that it does not, first as a customer and then as staff. Arguments go to Schemathesis, e.g.
 * `npm run test:schemathesis -- --max-examples 100`. Needs Python 3.10; Schemathesis itself is fetched once, into the cache.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createKey, createStaffKey } from '../../db/accounts.ts';
import { cached } from '../../dev/cache.ts';
import { runCommand } from '../../dev/command.ts';
import { loadDevConfig } from '../../dev/config.ts';
import { serveApi } from '../setup/api.ts';
import { postgresForTests, temporalForTests } from '../setup/engines.ts';
import { openWorld } from '../setup/world.ts';

const CONFIG = fileURLToPath(new URL('./schemathesis.toml', import.meta.url));
const VERSION = '4.32.5';
const MINUTES = 60_000;

/** Requests that come as fast as they can are no misuse here. */
const NO_LIMITS = {
  RATE_LIMIT_PER_SECOND: 1_000_000,
  RATE_LIMIT_BURST: 1_000_000,
  ADDRESS_LIMIT_PER_SECOND: 1_000_000,
  ADDRESS_LIMIT_BURST: 1_000_000,
};

const { cache } = loadDevConfig();
const entry = { root: cache, folder: `schemathesis/${VERSION}`, file: 'bin/python' };
const python = await cached(entry, console.log, async (folder) => {
  console.log(`fetching Schemathesis ${VERSION}: about a minute, once`);
  await runCommand('python3', ['-m', 'venv', folder], { timeoutMs: 2 * MINUTES });
  const install = ['-m', 'pip', 'install', '--quiet', `schemathesis==${VERSION}`];
  await runCommand(join(folder, 'bin/python'), install, { timeoutMs: 10 * MINUTES });
});

const [postgres, temporal] = await Promise.all([postgresForTests(), temporalForTests()]);
const world = await openWorld({ postgresUrl: postgres.value, temporalAddress: temporal.value });
try {
  await world.startWorkers();
  const api = await serveApi({ ...world, rates: NO_LIMITS, mail: true });
  const shop = await world.shop({ balance: '1000000', service: { drip_feed: true, refill_days: 30 } });
  const customer = await createKey(world.sql, { accountId: shop.account, name: 'customer' });
  const order = { service: shop.service, link: 'https://example.com/p/1?sim=seconds:600', quantity: 1000 };
  const placed = await api.v1('/v1/orders', { key: customer.key, body: order, idempotencyKey: 'first' });
  console.log(`order ${placed.body.id} is there to be asked about`);
  const staff = await createStaffKey(world.sql);
  const passes = [
    // A stream of events answers for as long as its order runs: it has tests of its own.
    ['customer', customer.key, ['--exclude-path-regex', '^/v1/admin/|/events$']],
    ['staff', staff.key, ['--include-path-regex', '^/v1/admin/']],
  ] as const;
  const failed: string[] = [];
  // It writes down what it did wherever it is run.
  const cwd = await mkdtemp(join(tmpdir(), 'holdfast-schemathesis-'));
  for (const [who, key, paths] of passes) {
    console.log(`\nas ${who}`);
    // Every check is made unless the configuration says otherwise; naming them here would make it be ignored.
    const options = ['--header', `Authorization: Bearer ${key}`, ...paths, ...process.argv.slice(2)];
    const onLine = (line: string) => console.log(line.replaceAll(key, '(key)'));
    await runCommand(
      python,
      ['-m', 'schemathesis.cli', '--config-file', CONFIG, 'run', `${api.url}/openapi.json`, ...options],
      {
        timeoutMs: 30 * MINUTES,
        cwd,
        onLine,
      },
    ).catch(() => failed.push(who));
  }
  await api.close();
  await rm(cwd, { recursive: true, force: true });
  if (failed.length > 0) {
    console.error(`\nnot as described, as ${failed.join(' and ')}`);
    process.exitCode = 1;
  }
} finally {
  await world.close();
  await Promise.all([postgres.stop(), temporal.stop()]);
}
