-- Sessions of the pages. A session acts with the API key that its owner signed in with, and the key is
-- read anew at every request, so a key that is revoked ends its sessions at once. Tokens have 256 random
-- bits; the tables keep their SHA-256 alone.
create table sessions (
  id           bigint generated always as identity primary key,
  hash         bytea not null unique check (length(hash) = 32),
  key_id       integer not null references api_keys,
  -- Which pages it opens: those of customers, or those of staff.
  desk         text not null check (desk in ('app', 'ops')),
  -- The browser, as it names itself.
  agent        text not null check (length(agent) <= 200),
  created_at   timestamptz not null default clock_timestamp(),
  last_seen_at timestamptz not null default clock_timestamp(),
  expires_at   timestamptz not null
);
create index sessions_key on sessions (key_id, id);
create index sessions_expiry on sessions (expires_at);

-- Links that sign in once, without typing a key.
create table sign_in_links (
  hash       bytea primary key check (length(hash) = 32),
  key_id     integer not null references api_keys,
  desk       text not null check (desk in ('app', 'ops')),
  expires_at timestamptz not null
);
