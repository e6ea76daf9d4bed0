-- outside a transaction
-- (So no line inside a function may end with a semicolon.)

-- The reports that a workflow has not acted on: a watch reads them once a call, however many batches
-- run at its provider.
drop index concurrently if exists batches_reports;
create index concurrently batches_reports on batches (provider_id, order_id, batch)
  where state = 'running' and report_version > acked_version;

-- The one row says whether the outbox sleeps. A delivery that is written while it sleeps wakes it by
-- NOTIFY. While it is awake it polls and no commit sends NOTIFY, because a NOTIFY makes commits wait
-- for each other (measured: a fifth as many commits a second).
create table if not exists outbox (
  only_one boolean primary key default true check (only_one),
  sleeps   boolean not null
);
insert into outbox (sleeps) values (false) on conflict do nothing;
create or replace function wake_outbox() returns trigger language plpgsql as $$ begin
  perform pg_notify('holdfast_outbox', '') from outbox where sleeps; return null; end $$;
drop trigger if exists webhook_deliveries_wake on webhook_deliveries;
create trigger webhook_deliveries_wake after insert or update of round on webhook_deliveries
  for each row when (new.state = 'pending') execute function wake_outbox();
