import type { Sql } from '../../../db/client.ts';

/** One row for each table: its columns, then constraints; then its indexes and triggers. */
const TABLES = `
  select format(E'create table %s (\\n%s\\n);', c.oid::regclass, (
      select string_agg('  ' || line, E',\\n' order by kind, place collate "C") from (
        select 1 as kind, lpad(attnum::text, 4, '0') as place, concat_ws(' ', attname, format_type(atttypid, atttypmod),
            case when attnotnull then 'not null' end, 'default ' || pg_get_expr(adbin, adrelid),
            case when attidentity = 'a' then format('generated always as identity (start with %s)', (select seqstart
              from pg_sequence where seqrelid = pg_get_serial_sequence(c.oid::regclass::text, attname)::regclass)) end) as line
          from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
          where attrelid = c.oid and attnum > 0 and not attisdropped
        union all
        select case contype when 'p' then 2 when 'u' then 3 when 'f' then 4 else 5 end, conname,
            format('constraint %s %s', conname, pg_get_constraintdef(oid, true))
          from pg_constraint where conrelid = c.oid and contype in ('p', 'u', 'f', 'c')) lines))
    || coalesce(E'\\n' || (
      select string_agg(pg_get_indexdef(i.oid, 0, true) || ';', E'\\n' order by i.relname collate "C")
        from pg_index join pg_class i on i.oid = indexrelid
        where indrelid = c.oid and not exists (select from pg_constraint where conindid = i.oid and contype in ('p', 'u'))), '')
    || coalesce(E'\\n' || (
      select string_agg(pg_get_triggerdef(oid, true) || ';', E'\\n' order by tgname collate "C") from pg_trigger
        where tgrelid = c.oid and not tgisinternal), '') as text
  from pg_class c
  where relkind = 'r' and relnamespace = 'public'::regnamespace and relname not in ('migrations', 'function_installs')
  order by relname collate "C"`;

const SEQUENCES = `
  select format('create sequence %s start with %s;', seqrelid::regclass, seqstart) as text from pg_sequence
    where not exists (select from pg_depend where objid = seqrelid and deptype = 'i' and refobjsubid > 0)
    order by seqrelid::regclass::text collate "C"`;

/** Each function, and whether `public` may execute it. */
const FUNCTIONS = `
  select trim(E'\\n' from pg_get_functiondef(oid)) || ';'
    || case when has_function_privilege('public', oid, 'execute') then ''
      else E'\\nrevoke execute on function ' || oid::regprocedure || ' from public;' end as text
  from pg_proc where pronamespace = 'public'::regnamespace and prokind = 'f'
  order by oid::regprocedure::text collate "C"`;

/** The database's schema as text. Equal schemas give equal texts. For reading, not for running. */
export async function schemaText(sql: Sql): Promise<string> {
  const parts = [
    '-- The schema of a new database, written by `npm run schema`. Edit db/migrations and db/functions instead.',
  ];
  for (const query of [SEQUENCES, TABLES, FUNCTIONS]) {
    for (const { text } of await sql.unsafe<{ text: string }[]>(query))
      parts.push(text.replaceAll('timestamp with time zone', 'timestamptz'));
  }
  return `${parts.join('\n\n')}\n`;
}
