-- The open orders of a service for a link. Every check of a link starts here, so that all checks use
-- the same index. due_at: when an order begins. The columns are named one by one: with `setof orders`,
-- a request that runs while a migration adds a column would fail.
create or replace function open_orders_of_link(p_service integer, p_link_key text)
  returns table (id bigint, account_id integer, paused_at timestamptz, due_at timestamptz)
  language sql stable as $$
  select o.id, o.account_id, o.paused_at, coalesce(o.next_run_at, o.created_at) from orders o
    where o.service_id = p_service and link_hash(o.link_key) = link_hash(p_link_key)
      and o.link_key = p_link_key and o.settled_at is null
$$;

-- Whether an open order of account p_of blocks a new order of p_account for the same link. Another
-- account's order does so only where all accounts count (p_scope), and only while it is active: an
-- order that is scheduled for later, or paused, would block the link for other accounts for nothing.
create or replace function holds_link(
  p_order bigint, p_of integer, p_paused_at timestamptz, p_due_at timestamptz, p_account integer,
  p_scope text, p_at timestamptz
) returns boolean language sql stable as $$
  select p_of = p_account or (p_scope = 'all' and p_paused_at is null
    and (p_due_at <= p_at or exists (select from batches where order_id = p_order)))
$$;

-- Whether a service refuses an order of this account for a link now, because of its open orders.
create or replace function link_taken(p_service integer, p_link_key text, p_account integer)
  returns boolean language sql stable as $$
  select exists (
    select from services s cross join lateral open_orders_of_link(s.id, p_link_key) o
      where s.id = p_service and s.duplicate_link = 'reject'
        and holds_link(o.id, o.account_id, o.paused_at, o.due_at, p_account, s.duplicate_scope,
          clock_timestamp()))
$$;

-- Whether an order that has not begun must wait for another order of its service and link: one that
-- has begun, or an earlier one that is about to begin. An order that is scheduled for later, or was
-- paused before it began, is not waited for. holds_link decides which orders count. Orders of a link
-- are checked one after the other, and the earliest that has not begun waits for no other that has
-- not begun: so two orders never begin together, and one always begins. The timeline gets one line.
create or replace function is_queued(p_order bigint, p_at timestamptz)
  returns boolean language plpgsql as $$
declare
  this  orders;
  ahead record;
  scope text;
begin
  select o.* into this from orders o where o.id = p_order and o.settled_at is null
    and not exists (select from batches where order_id = p_order);
  select duplicate_scope into scope from services
    where id = this.service_id and duplicate_link = 'queue';
  if not found then
    return false;
  end if;
  perform pg_advisory_xact_lock(hashtextextended(this.service_id || ' ' || this.link_key, 42));
  select * into ahead from open_orders_of_link(this.service_id, this.link_key) o
    where o.id <> p_order
      and holds_link(o.id, o.account_id, o.paused_at, o.due_at, this.account_id, scope, p_at)
      and (exists (select from batches where order_id = o.id)
        or (o.id < p_order and o.paused_at is null
          and o.due_at <= p_at))
    order by o.id limit 1;
  if not found then
    return false;
  end if;
  if not exists (select from events where order_id = p_order and type = 'order.queued') then
    -- The id of another account's order is private.
    perform add_event(p_order, 'order.queued', 'system', p_at,
      case when ahead.account_id = this.account_id
        then jsonb_build_object('waitsFor', ahead.id) else '{}' end);
  end if;
  return true;
end $$;
