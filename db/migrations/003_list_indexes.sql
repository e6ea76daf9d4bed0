-- outside a transaction
--
-- Indexes for the lists of the API. A list has one order (the time and the id, or the id), so that its
-- index ends with it and a page reads its rows and no others. Where an index of the old form exists,
-- the new one takes its place: it is built first, and the old one is dropped at the end.
--
-- An index for a filter says `nulls first`, although none of its columns is null there: only that
-- index then has the order of the filtered list (see db/list-page.ts).

-- The orders of an account by time, and by one filter more. An order is added to four of them; the
-- one for its reference and the one for attention hold only orders that have a reference, or wait.
drop index concurrently if exists orders_of_account;
create index concurrently orders_of_account on orders (account_id, created_at, id);
drop index concurrently if exists orders_of_status;
create index concurrently orders_of_status on orders
  (account_id, status, created_at nulls first, id);
drop index concurrently if exists orders_of_service;
create index concurrently orders_of_service on orders
  (account_id, service_id, created_at nulls first, id);
drop index concurrently if exists orders_of_reference;
create index concurrently orders_of_reference on orders
  (account_id, reference, created_at nulls first, id)
  where reference is not null;
drop index concurrently if exists orders_of_attention;
create index concurrently orders_of_attention on orders
  (account_id, attention, created_at nulls first, id)
  where attention <> 'none';

-- What waits for staff, by one attention; orders_waiting has all of it.
drop index concurrently if exists orders_waiting_for;
create index concurrently orders_waiting_for on orders (attention, id nulls first)
  where attention <> 'none';

drop index concurrently if exists webhook_deliveries_of_state;
create index concurrently webhook_deliveries_of_state on webhook_deliveries
  (endpoint_id, state, event_id nulls first) where state <> 'delivered';

drop index concurrently if exists held_corrections_of_state;
create index concurrently held_corrections_of_state on held_corrections
  (provider_id, state, id nulls first);

drop index concurrently if exists attempts_unknown;
create index concurrently attempts_unknown on attempts (order_id, batch, attempt)
  where state = 'unknown';

drop index concurrently if exists alerts_open_page;
create index concurrently alerts_open_page on alerts (id) where resolved_at is null;
drop index concurrently if exists alerts_closed_page;
create index concurrently alerts_closed_page on alerts (id) where resolved_at is not null;

drop index concurrently if exists catalogue_changes_of_service;
create index concurrently catalogue_changes_of_service on catalogue_changes
  (provider_id, service, id nulls first);

drop index concurrently if exists api_keys_of_account;
create index concurrently api_keys_of_account on api_keys (account_id, id);

-- The audit log by time, and by one filter more. A subject is found with all that is below it:
-- `accounts/1001/keys` is below `accounts` and below `accounts/1001`.
drop index concurrently if exists audit_at;
create index concurrently audit_at on audit (at, id);
drop index concurrently if exists audit_of_key;
create index concurrently audit_of_key on audit (key_id, at nulls first, id);
drop index concurrently if exists audit_of_action;
create index concurrently audit_of_action on audit (action, at nulls first, id);
drop index concurrently if exists audit_below;
create index concurrently audit_below on audit
  (split_part(subject, '/', 1), at nulls first, id);
drop index concurrently if exists audit_below_two;
create index concurrently audit_below_two on audit
  ((split_part(subject, '/', 1) || '/' || split_part(subject, '/', 2)), at nulls first, id);

drop index concurrently if exists orders_account;
drop index concurrently if exists orders_account_reference;
drop index concurrently if exists api_keys_account;
drop index concurrently if exists audit_key;
drop index concurrently if exists audit_subject;
drop index concurrently if exists webhook_deliveries_undelivered;
drop index concurrently if exists held_corrections_provider;
