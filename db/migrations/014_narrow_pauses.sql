-- A refusal with `funds` or `trouble` may be about one customer's order, so it pauses the provider for
-- the accounts of such orders alone, until there are several.
alter table providers
  add column failed_accounts integer[] not null default '{}',
  add column paused_for_all boolean not null default true;

-- When the provider last listed a service that its last catalogue lacks; null: the last catalogue has
-- it, or it is gone.
alter table provider_services add column last_listed_at timestamptz;
