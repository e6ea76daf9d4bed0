-- What a customer is charged for what was delivered: the whole price for the whole quantity. A
-- product, so nothing is rounded. Settlement, corrections and the proof of the books all use it; its
-- twin for workflows is chargeFor in domain/money.ts.
create or replace function charge_for(p_unit_price bigint, p_delivered bigint)
  returns bigint language sql immutable as $$
  select p_unit_price * p_delivered
$$;
