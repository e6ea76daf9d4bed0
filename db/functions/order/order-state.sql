-- Stores the end of a batch, and that the order's workflow knows of it.
create or replace function end_batch(p_order bigint, p_batch integer, p_delivered bigint)
  returns void language sql as $$
  update batches set state = 'done', delivered = p_delivered, acked_version = report_version,
      supported = case when provider_order is not null then p_delivered end
    where order_id = p_order and batch = p_batch and state <> 'done';
  update orders set version = version + 1 where id = p_order
$$;

-- From now on no run begins, and the end of every batch is reported. The lock waits for reports that
-- are being stored: afterwards a batch either has ended, or its end will be reported.
create or replace function finish_runs(p_order bigint) returns void language sql as $$
  select from batches where order_id = p_order and state <> 'done' order by batch for update;
  update orders set finishing = true, next_run_at = null, version = version + 1 where id = p_order
$$;

-- Writes the workflow's state of an order: attention, pause, cancel, the next run. When the order was
-- settled and the workflow does not know, writes nothing and returns false. A late write of a worker that
-- was frozen, after which another worker went on with the order, changes nothing.
--
--   p_batches   [{batch, reviewAt, resend, acked}]: for each open batch (also one that waits for a
--               provider) when it goes to a person, in milliseconds, and the last report acted on
--   p_notes     events for the timeline: [{number, at, type, actor, data}]
--   p_restart   the clocks for stalling start again
--   p_settled   the workflow knows that the order has ended (it follows a refill)
--   p_refill    {number, stage, reviewAt, before}
--   p_run       the workflow's run, and the length of its history when its task began: p_event
create or replace function store_order_state(
  p_order bigint, p_attention text, p_reason text, p_paused_at timestamptz, p_paused_by text,
  p_canceled_by text, p_next_run timestamptz, p_batches jsonb, p_notes jsonb, p_at timestamptz,
  p_restart boolean, p_settled boolean, p_refill jsonb, p_run text, p_event integer
) returns boolean language plpgsql as $$
declare
  had    orders;
  paused interval;
  audited bigint;
begin
  -- Lock order, as everywhere: batches before their order.
  perform from batches where order_id = p_order and state <> 'done' order by batch for update;
  select * into strict had from orders where id = p_order for update;
  if had.settled_at is not null and not p_settled then
    return false;
  end if;
  -- The task of the other worker came later in the history. A new run begins a history of its own.
  if had.written_run = p_run and had.written_event > p_event then
    return true;
  end if;
  -- The end of a pause moves the clocks of running batches by its length. A repeated call finds no
  -- pause any more. (Another pause may have begun before this one's end was written.)
  paused := coalesce(greatest(coalesce(p_paused_at, p_at) - had.paused_at, '0'), '0');
  update batches b set review_at = to_timestamp(n."reviewAt" / 1000.0), resend = n.resend,
      progress_at = case when p_restart then p_at
        else least(b.progress_at + paused, greatest(b.progress_at, p_at)) end,
      stalled_since = case when p_restart then null else b.stalled_since end,
      acked_version = greatest(b.acked_version, least(n.acked, b.report_version)),
      -- A person wants a contradiction checked again: the watch asks about this batch once more.
      terminal_at = case when p_restart and n.acked >= b.report_version then null
        else b.terminal_at end
    from jsonb_to_recordset(p_batches)
      as n(batch integer, "reviewAt" numeric, resend boolean, acked numeric)
    where b.order_id = p_order and b.batch = n.batch and b.state = 'running';
  update batches b set review_at = to_timestamp(n."reviewAt" / 1000.0)
    from jsonb_to_recordset(p_batches) as n(batch integer, "reviewAt" numeric)
    where b.order_id = p_order and b.batch = n.batch and b.state in ('waiting', 'sending');
  update refills set stage = r.stage, review_at = to_timestamp(r."reviewAt" / 1000.0),
      before = r.before
    from jsonb_to_record(p_refill)
      as r(number integer, stage text, "reviewAt" numeric, before text)
    where order_id = p_order and refills.number = r.number and refills.stage <> 'ended';
  update orders set attention = p_attention,
      reason = case when p_settled then reason else p_reason end, paused_at = p_paused_at,
      paused_by = p_paused_by, canceled_by = p_canceled_by,
      -- A workflow that was reset may know an earlier run, or a drip-feed that is over by now.
      next_run_at = case when p_next_run is not null and not (finishing and runs > 1)
        then greatest(p_next_run, next_run_at) end,
      version = version + 1,
      written_run = coalesce(p_run, written_run), written_event = coalesce(p_event, written_event),
      notes = greatest(notes, (select coalesce(max((n->>'number')::integer), 0)
        from jsonb_array_elements(p_notes) n))
    where id = p_order;
  with told as (
    insert into events (order_id, account_id, type, actor, version, data, note, at)
      select p_order, had.account_id, n.type, n.actor, had.version + 1, n.data, n.number,
          to_timestamp(n.at / 1000.0)
        from jsonb_to_recordset(p_notes)
          as n(number integer, at numeric, type text, actor text, data jsonb)
      on conflict (order_id, note) where note is not null do nothing
      returning note, type, actor, data
  )
  select count(audit_from_ui(p_order, 'note-' || note, type, actor, data)) into audited from told;
  return true;
end $$;

-- The same for a worker of the version before, which does not say where in its history it is.
create or replace function write_order_state(
  p_order bigint, p_attention text, p_reason text, p_paused_at timestamptz, p_paused_by text,
  p_canceled_by text, p_next_run timestamptz, p_batches jsonb, p_notes jsonb, p_at timestamptz,
  p_restart boolean, p_settled boolean, p_refill jsonb
) returns boolean language sql as $$
  select store_order_state(p_order, p_attention, p_reason, p_paused_at, p_paused_by, p_canceled_by,
    p_next_run, p_batches, p_notes, p_at, p_restart, p_settled, p_refill, null, null)
$$;
