import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '../../db/client.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { openShop, type Shop } from '../support/worlds/shop.ts';

const run = promisify(execFile);

let database: TestDatabase;
let shop: Shop;
let order: number;

beforeAll(async () => {
  database = await testDatabase();
  shop = await openShop(database.sql);
  order = await shop.order();
});
afterAll(() => database.drop());

/** The command as an operator runs it: its exit code and what it prints. */
async function command(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const program = ['--import', 'tsx', 'db/commands/restore-check.ts', ...args];
  const env = { ...process.env, DATABASE_URL: database.url };
  return run(process.execPath, program, { env }).then(
    (printed) => ({ code: 0, ...printed }),
    (failed: { code: number; stdout: string; stderr: string }) => failed,
  );
}

const states = async (): Promise<string[]> =>
  (await database.sql<{ state: string }[]>`select state from attempts where order_id = ${order}`).map(
    ({ state }) => state,
  );

/** Keeps the time limit of each statement that stores a batch. */
const NOTES_LIMITS = `
  create table limits_seen (statement text not null);
  create function note_limit() returns trigger language plpgsql as $$
  begin
    insert into limits_seen values (current_setting('statement_timeout'));
    return new;
  end $$;
  create trigger note_limit before insert on batches for each row execute function note_limit()`;

const LOST = '2126-01-31T12:00:00Z';

it('without a time, or with one that is none, it says how to call it and changes nothing', async () => {
  for (const args of [[], ['--until', 'yesterday'], ['--until', LOST, '--skip-ids', 'many']]) {
    const { code, stderr } = await command(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining('npm run restore:check -- --until')]);
  }
  expect(await states()).toEqual([]);
}, 60_000);

it('says what the copy does not know, refuses while a worker runs, and parks what may have been sent', async () => {
  const looked = await command('--until', LOST);
  expect(looked).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^the newest movement of money here is from \d{4}-/),
  });
  expect(looked.stdout).toContain('1 orders have not ended; 0 lines of lists wait; 0 refills');
  expect(looked.stdout).toContain('nothing was changed');
  expect(await states()).toEqual([]);

  const worker = connect(database.url, { name: 'holdfast-worker', max: 1 });
  await worker`select 1`;
  const refused = await command('--until', LOST, '--apply');
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('stop all workers first') });
  expect(await states()).toEqual([]);
  await worker.end();

  await database.sql.unsafe(NOTES_LIMITS);
  const applied = await command('--until', LOST, '--apply', '--skip-ids', '500');
  // A copy of any size must be parked in one statement.
  expect(await database.sql`select statement from limits_seen`).toEqual([{ statement: '0' }]);
  expect(applied.code).toBe(0);
  expect(applied.stdout).toContain(`order ${order}, batch 1, provider ${shop.providers[0]}`);
  expect(Number(/the next order gets the id (\d+)/.exec(applied.stdout)?.[1])).toBeGreaterThan(order + 499);
  expect(await states()).toEqual(['unknown']);
  expect((await command('--until', LOST, '--apply')).stdout).toContain('0 batches may have been sent');
}, 120_000);
