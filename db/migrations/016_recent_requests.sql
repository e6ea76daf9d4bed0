-- The latest requests of each account, newest first, as its owner sees them: one row an account, so that the table
-- grows with the accounts alone.
create table recent_requests (
  account_id integer primary key references accounts,
  requests   jsonb not null check (jsonb_typeof(requests) = 'array'),
  updated_at timestamptz not null
);
create index recent_requests_updated on recent_requests (updated_at);
