-- Writes the claim of a request in one round trip, unless its key has one or a rule forbids it. The
-- caller has read the request by an offer of the service, and passes the offer's mark, and the link
-- key and the price that follow; without a mark it asks for the offer.
--
--   outcome   opened: the claim is written · known: the key has this claim · changed: the service is
--             not as the caller knows it, see offer; null: there is none · duplicate_link or
--             insufficient_funds: the broken rule · withdrawn: the order's id was withdrawn first
create or replace function open_claim(
  p_order bigint, p_account integer, p_key text, p_fingerprint bytea, p_request jsonb,
  p_expires_at timestamptz, p_service bigint, p_mark text, p_link_key text, p_price bigint,
  out outcome text, out claim claims, out offer jsonb, out mark text
) language plpgsql as $$
begin
  select * into claim from claims c where c.account_id = p_account and c.idempotency_key = p_key;
  if claim.order_id is not null then
    outcome := 'known';
    return;
  end if;
  offer := service_offer(p_service);
  mark := md5(offer::text);
  if mark is null or mark is distinct from p_mark then
    outcome := 'changed';
    return;
  end if;
  outcome := (claim_refusals(p_account, p_service::integer, p_link_key, p_price))[1];
  if outcome is null then
    insert into claims (order_id, account_id, idempotency_key, fingerprint, request, expires_at)
      values (coalesce(p_order, nextval('order_ids')), p_account, p_key, p_fingerprint, p_request,
        p_expires_at)
      on conflict do nothing returning * into claim;
    outcome := case when found then 'opened' else 'withdrawn' end;
  end if;
  if outcome <> 'opened' then
    -- The same request may have arrived a moment earlier, and its claim be the reason.
    select * into claim from claims c
      where c.account_id = p_account and c.idempotency_key = p_key;
    if claim.order_id is not null then
      outcome := 'known';
    end if;
  end if;
end $$;

-- The rules that forbid a claim, the first one first. Without a link key or a price its rule forbids
-- nothing.
create or replace function claim_refusals(
  p_account integer, p_service integer, p_link_key text, p_price bigint
) returns text[] language sql stable as $$
  select array_remove(array[
      case when link_taken(p_service, p_link_key, p_account) then 'duplicate_link' end,
      case when coalesce((select balance from wallets where account_id = p_account), 0) < p_price
        then 'insufficient_funds' end], null)
$$;

-- What a request for an order is read by; null when there is no such service.
create or replace function service_offer(p_service bigint) returns jsonb language sql stable as $$
  select jsonb_build_object('id', s.id, 'name', s.name, 'type', s.type, 'rate', s.rate::text,
      'min', s.min, 'max', s.max, 'step', s.step, 'unlimitedPosts', s.unlimited_posts,
      'dripFeed', s.drip_feed, 'linkPattern', s.link_pattern, 'active', s.active,
      'ignoredLinkParameters', s.ignored_link_parameters,
      'openRoutes', (select coalesce(jsonb_agg(jsonb_build_object('min', r.min_quantity,
          'max', r.max_quantity, 'step', r.quantity_step) order by r.position), '[]')
        from routes r where r.service_id = s.id and r.active and r.held is null))
    from services s where s.id = p_service
$$;
