-- What providers sell, as they say it themselves, and what follows for the routes of our services.

-- What the last look at a provider brought.
create table provider_checks (
  provider_id  integer primary key references providers,
  -- What is left of our money there: a decimal string as the provider wrote it, in its own currency.
  balance      text,
  currency     text,
  balance_at   timestamptz,
  -- When its catalogue was read last, and why the look after that read none.
  catalogue_at timestamptz,
  problem      text
);

-- One row for each service that was ever in a provider's catalogue. What could not be read is null; words are the provider's, without
-- control characters and cut. A row is written only when it changes: what is not gone was there when the catalogue was read last.
create table provider_services (
  id            bigint generated always as identity primary key,
  provider_id   integer not null references providers,
  service       text not null,
  name          text not null,
  category      text not null,
  type          text not null,
  rate          text,
  min           bigint,
  max           bigint,
  -- Quantities that it takes are multiples of it; null: it has not said so.
  step          bigint,
  drip_feed     boolean not null,
  refill        boolean not null,
  cancel        boolean not null,
  first_seen_at timestamptz not null,
  changed_at    timestamptz not null,
  -- Since when it has not been there, and when it was there last before that.
  gone_at       timestamptz,
  last_seen_at  timestamptz,
  unique (provider_id, service),
  check ((gone_at is null) = (last_seen_at is null))
);
create index provider_services_page on provider_services (provider_id, id desc);

-- What became different about a service of a provider on which we have a route; the database forgets it after some months.
create table catalogue_changes (
  id          bigint generated always as identity primary key,
  provider_id integer not null references providers,
  service     text not null,
  at          timestamptz not null,
  what        text not null check (what in ('rate', 'min', 'max', 'step', 'type', 'gone', 'back')),
  was         text,
  now         text
);
create index catalogue_changes_page on catalogue_changes (provider_id, id desc);
create index catalogue_changes_age on catalogue_changes (at);

-- The services that were made of a provider's, each of them once, and the rule they are priced by: percent in hundredths, plus
-- in units of rates. follow: they are priced again by it whenever the provider's rate changes.
create table imports (
  service_id       integer primary key references services,
  provider_id      integer not null references providers,
  provider_service text not null,
  percent          bigint not null check (percent >= 0),
  plus             bigint not null check (plus >= 0),
  follow           boolean not null,
  at               timestamptz not null default clock_timestamp(),
  unique (provider_id, provider_service)
);
