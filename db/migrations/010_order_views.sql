-- Filters of the list of orders that an account has given a name. `query` is the list's own text, as in
-- its address; the pages read it with the same care as an address.
create table order_views (
  id         bigint generated always as identity primary key,
  account_id integer not null references accounts,
  name       text not null check (length(name) between 1 and 60),
  query      text not null check (length(query) between 1 and 1000),
  unique (account_id, name)
);
