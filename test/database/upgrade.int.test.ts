import { afterAll, beforeAll, expect, test } from 'vitest';
import { sqlFiles } from '../../db/function-files.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { type MigrateOptions, migrate } from '../../db/migrate.ts';
import { databaseFit } from '../../db/migration-state.ts';
import { eventually } from '../support/model/stepped-order.ts';
import { sqlFolders } from '../support/reads/sql-folders.ts';
import type { Answer } from '../support/worlds/api.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';

let on: ApiWorld;
beforeAll(async () => {
  on = await apiWorld();
});
afterAll(() => on.close());

const textsIn = async (folder: string) =>
  Object.fromEntries(
    (await sqlFiles(new URL(`../../db/${folder}/`, import.meta.url))).map(({ file, text }) => [file, text]),
  );

/** Tables that orders use. */
const GROWING = ['orders', 'batches', 'claims', 'attempts', 'services', 'routes', 'accounts', 'wallets', 'providers'];

const alterEach = (how: string): string => GROWING.map((table) => `alter table ${table} ${how};\n`).join('');

/** A next version: two columns in each of these tables, one of them outside a transaction, an index, and a function that is replaced. */
async function nextVersion(more: Readonly<Record<string, string>> = {}): Promise<MigrateOptions> {
  const [migrations, functions] = await Promise.all([textsIn('migrations'), textsIn('functions')]);
  const settle = 'ledger/settle.sql';
  return sqlFolders(
    {
      ...migrations,
      '900_expand.sql': alterEach('add column note text'),
      '901_index.sql': `-- outside a transaction
${alterEach('add column remark text')}drop index concurrently if exists orders_note;
create index concurrently orders_note on orders (note);
`,
      ...more,
    },
    { ...functions, [settle]: `${functions[settle]}\n-- The next version.\n` },
  );
}

test('a database is brought to the next version under running orders, and processes of this version go on until it is contracted', async () => {
  const { world, shop, key, api } = on;
  const answers: unknown[] = [];
  let placed = 0;
  let isMigrating = true;
  const customers = Array.from({ length: 4 }, async (_, customer) => {
    while (isMigrating) {
      placed += 1;
      const link = `https://example.com/upgrade/${placed}?sim=seconds:1`;
      const body = { service: shop.service, link, quantity: 1000 };
      const idempotencyKey = `${customer} ${placed}`;
      let answer: Answer;
      // A deadlock with the migration may end the request instead.
      do answer = await api.v1('/v1/orders', { key, body, idempotencyKey });
      while (answer.status === 503);
      answers.push(answer.body.code ?? answer.status);
    }
  });
  await eventually(async () => expect(placed).toBeGreaterThan(4));
  const { migrations, functions } = await migrate(world.sql, await nextVersion());
  expect([migrations, functions]).toEqual([['900_expand.sql', '901_index.sql'], ['ledger/settle.sql']]);
  const before = placed;
  await eventually(async () => expect(placed).toBeGreaterThan(before + 4));
  isMigrating = false;
  await Promise.all(customers);
  expect(answers.filter((answer) => answer !== 201)).toEqual([]);

  await eventually(async () => {
    const open = await world.sql`select id from orders where status <> 'Completed'`;
    expect(open.length).toBe(0);
  });
  expect(await verifyLedger(world.sql)).toEqual([]);
  expect(await databaseFit(world.sql)).toBe('fits');

  await migrate(world.sql, await nextVersion({ '902_contract.sql': '-- needs: 900_expand.sql\nselect 1;\n' }));
  expect(await databaseFit(world.sql)).toBe('ahead');
  expect((await api.v1('/readyz')).body).toEqual({ status: 'unavailable', missing: ['newer version'] });
});
