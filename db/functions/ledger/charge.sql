-- The customer's charge for what was delivered: the whole price for the whole quantity. It is a
-- product, so nothing is rounded. Settlement, corrections and verify_ledger all use it; its twin in
-- TypeScript is chargeFor in domain/ledger/money.ts.
create or replace function charge_for(p_unit_price bigint, p_delivered bigint)
  returns bigint language sql immutable as $$
  select p_unit_price * p_delivered
$$;
