-- The time of the workflow's last write of the order's state: a worker that was frozen may send an older one late.
alter table orders add column written_at timestamptz;
