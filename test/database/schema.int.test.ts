import { expect, inject, it } from 'vitest';
import { connect } from '../../db/client.ts';
import { testDatabase } from '../support/engines/database.ts';
import { schemaText } from '../support/reads/schema-text.ts';

/** PostgreSQL version that writes db/schema.sql. Other versions print some expressions differently. */
const WRITTEN_BY = 18;

const server = connect(inject('postgresUrl'), { name: 'holdfast-test', max: 1 });
const [{ version } = { version: 0 }] = await server<{ version: number }[]>`
  select current_setting('server_version_num')::integer / 10000 as version`;
await server.end();

it.runIf(version === WRITTEN_BY)('db/schema.sql is the schema of a new database', async () => {
  const database = await testDatabase();
  const text = await schemaText(database.sql);
  await database.drop();
  await expect(text).toMatchFileSnapshot('../../db/schema.sql');
});

it('a function that moves money runs with the rights of the tables’ owner, and only those functions move it', async () => {
  const { sql, drop } = await testDatabase();
  // `\m` and `\M` match the beginning and the end of a word.
  const wrong = await sql`
    select proname from pg_proc
      where pronamespace = 'public'::regnamespace and prosecdef <> (prosrc ~ '\\m(move_money|take_step)\\M\\s*\\(')`;
  const rights = await sql`
    select proname from pg_proc where pronamespace = 'public'::regnamespace and not has_function_privilege('public', oid, 'execute')
      order by 1`;
  const unsafe = await sql`
    select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef
      and proconfig is distinct from array['search_path=public, pg_catalog, pg_temp']`;
  await drop();
  expect([...wrong, ...unsafe]).toEqual([]);
  expect(rights.map(({ proname }) => proname)).toEqual(['move_money', 'take_step']);
});
