import { onTestFinished } from 'vitest';
import type { Sql } from '../../../db/client.ts';

let names = 0;

/**
 * Makes the database refuse writes to a table, with this SQLSTATE, when the SQL condition `when` (about `new`) holds.
 * Returns a function that ends it; otherwise the end of the test does.
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
