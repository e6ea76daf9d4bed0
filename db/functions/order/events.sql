-- Adds a line to an order's timeline. The transaction gets its id before the event does: so a reader
-- knows that once all transactions before a moment have ended, no event with an id from before that
-- moment can appear (see db/order/account-events.ts).
create or replace function add_event(
  p_order bigint, p_type text, p_actor text, p_at timestamptz, p_data jsonb default '{}'
) returns void language sql as $$
  select pg_current_xact_id();
  insert into events (order_id, account_id, type, actor, version, data, at)
    select id, account_id, p_type, p_actor, version, p_data, p_at from orders where id = p_order
$$;

-- Adds the audit line for an act of staff in the Temporal UI, in the transaction that writes the
-- event; other actors get none. p_note names the event in the line's request id.
create or replace function audit_from_ui(
  p_order bigint, p_note text, p_type text, p_actor text, p_data jsonb
) returns void language sql as $$
  insert into audit (actor, action, subject, object, detail, request_id)
    select p_actor, 'Temporal UI: ' || p_type, 'orders/' || p_order, p_order, p_data,
        'order-' || p_order || '/' || p_note
      where p_actor = 'staff (Temporal UI)' or starts_with(p_actor, 'staff (Temporal UI): ')
$$;
