-- The one row says whether the outbox sleeps. A delivery that is written while it sleeps wakes it by
-- NOTIFY. While it is awake it polls, and no commit sends NOTIFY, because a NOTIFY makes commits wait
-- for each other (measured: a fifth as many commits a second).
create table outbox (
  only_one boolean primary key default true check (only_one),
  sleeps   boolean not null
);
insert into outbox (sleeps) values (false);

create function wake_outbox() returns trigger language plpgsql as $$
begin
  perform pg_notify('holdfast_outbox', '') from outbox where sleeps;
  return null;
end $$;
create trigger webhook_deliveries_wake after insert or update of round on webhook_deliveries
  for each row when (new.state = 'pending') execute function wake_outbox();
