-- How each service has been delivered lately, kept ready: what it takes to find that out grows with the orders, and what it
-- takes to say it must not.

-- figures as service-stats.ts names them; as_of is when they were true.
create table service_stats (
  service_id integer primary key references services,
  as_of      timestamptz not null,
  figures    jsonb not null
);
