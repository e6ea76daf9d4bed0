-- Who of staff resolved an alert; null when the alert ended by itself, as most do.
alter table alerts add column resolved_by text;
