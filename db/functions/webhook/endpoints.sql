-- Counts one more mail that asks for a confirmation. When the address or the account has reached its
-- limit for a day, counts nothing and returns false.
create or replace function count_confirmation(
  p_account integer, p_email text, p_of_address integer, p_of_account integer
) returns boolean language plpgsql as $$
declare
  digest bytea := sha256(convert_to(lower(p_email), 'UTF8'));
  yesterday timestamptz := clock_timestamp() - interval '1 day';
begin
  -- Two calls at the same time would each count without the other. The caller has locked the account.
  perform pg_advisory_xact_lock(hashtextextended(encode(digest, 'hex'), 0));
  if (select count(*) from webhook_confirmations
      where address = digest and at > yesterday) >= p_of_address
    or (select count(*) from webhook_confirmations
      where account_id = p_account and at > yesterday) >= p_of_account then
    return false;
  end if;
  insert into webhook_confirmations (account_id, address) values (p_account, digest);
  return true;
end $$;

-- Counts one more test of an endpoint. After p_most tests within a minute, counts nothing and returns
-- null.
create or replace function count_test(p_endpoint integer, p_most integer)
  returns boolean language sql as $$
  update webhook_endpoints w set
      tests = case when w.tests_since > clock_timestamp() - interval '1 minute'
        then w.tests + 1 else 1 end,
      tests_since = case when w.tests_since > clock_timestamp() - interval '1 minute'
        then w.tests_since else clock_timestamp() end
    where w.id = p_endpoint and (w.tests < p_most or w.tests_since is null
      or w.tests_since <= clock_timestamp() - interval '1 minute')
    returning true
$$;

-- Forgets an endpoint's failures: an event got through, or a person has dealt with the endpoint.
create or replace function webhook_works(p_endpoint integer) returns void language sql as $$
  update webhook_endpoints set failing_since = null, given_up = 0 where id = p_endpoint;
  select resolve_alert('webhook_failing', 'webhook:' || p_endpoint, clock_timestamp())
$$;

-- Disables an endpoint and stops its open deliveries. Lock order: the endpoint before its
-- deliveries.
create or replace function disable_endpoint(p_endpoint integer, p_reason text)
  returns void language plpgsql as $$
begin
  update webhook_endpoints set disabled_reason = p_reason
    where id = p_endpoint and (disabled_reason is null or p_reason = 'deleted');
  update webhook_deliveries set state = 'stopped', next_attempt_at = null
    where endpoint_id = p_endpoint and state in ('pending', 'retrying');
  -- The alert about a failing endpoint stays open until a person has dealt with it.
  if p_reason <> 'failing' then
    perform webhook_works(p_endpoint);
  end if;
end $$;
