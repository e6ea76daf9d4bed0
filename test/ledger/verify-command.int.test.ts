import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { openShop } from '../support/worlds/shop.ts';

const run = promisify(execFile);
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const command = () =>
  run(process.execPath, ['--import', 'tsx', 'dev/verify-ledger.ts'], {
    env: { ...process.env, DATABASE_URL: database.url },
  });

it('npm run verify:ledger says how much it proved, and exits with 1 and the errors when there are some', async () => {
  const { account, order } = await openShop(database.sql);
  const id = await order();
  // Beside a terminal it shows no progress.
  expect(await command()).toEqual({ stdout: 'no drift: 1 orders, 2 transfers, 1 wallets\n', stderr: '' });
  await database.sql`update wallets set balance = balance + 1 where account_id = ${account}`;
  await database.sql`update orders set delivered = 1, status = 'Canceled', settled_at = now() where id = ${id}`;
  const failed = await command().catch((error: unknown) => error);
  expect(failed).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/\n5 cases of drift: 1 orders, 2 transfers, 1 wallets\n$/),
  });
  expect(failed).toMatchObject({
    stdout: expect.stringContaining(`drift: settled order escrow, order:${id}: 90000000 left`),
  });
}, 60_000);
