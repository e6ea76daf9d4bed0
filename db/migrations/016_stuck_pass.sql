-- Where the pass over all open orders is that asks Temporal whether their workflows get on.
alter table reconciliation add column asked_cursor bigint not null default 0;
