-- Money is moved by the functions of the ledger alone. Each function that takes a money step runs with the rights of the tables'
-- owner, so that the role of API and worker needs no right to write a transfer, a step or a balance by itself, and has none
-- (see application-role.ts). What only these functions call, nobody else does. The role cannot create anything in public, so nothing there can be
-- put before what PostgreSQL has. The last file: it knows them by what they do.
do $$
declare
  step regprocedure;
begin
  for step in select oid::regprocedure from pg_proc
      where pronamespace = 'public'::regnamespace and prosrc ~ '\m(move_money|take_step)\M\s*\(' loop
    execute format('alter function %s security definer set search_path = public, pg_catalog, pg_temp', step);
  end loop;
  for step in select oid::regprocedure from pg_proc
      where pronamespace = 'public'::regnamespace and proname in ('move_money', 'take_step') loop
    execute format('revoke execute on function %s from public', step);
  end loop;
end $$;
