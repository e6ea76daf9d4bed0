import { onTestFinished } from 'vitest';
import type { Sql } from '../../../db/client.ts';

let names = 0;

/**
 * From here on the database refuses to write the rows of a table for which `when` holds (of `new`), with this SQLSTATE. Returns
 * what ends it before the test does.
 */
export async function refusing(sql: Sql, table: string, state: string, when: string): Promise<() => Promise<void>> {
  names += 1;
  const name = `refusing_${names}`;
  await sql.unsafe(`
    create function ${name}() returns trigger language plpgsql as $$
    begin
      if ${when} then
        raise exception using errcode = '${state}', message = 'a test refuses this row';
      end if;
      return new;
    end $$;
    create trigger ${name} before insert or update on ${table} for each row execute function ${name}()`);
  const end = async () => {
    await sql.unsafe(`drop function if exists ${name} cascade`);
  };
  onTestFinished(end);
  return end;
}
