-- The workflow's run that last wrote the order's state, and the length of its history then: a worker that was
-- frozen may send an older write late.
alter table orders add column written_run text, add column written_event integer;
