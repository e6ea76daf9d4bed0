-- The schema of a new database, written by `npm run schema`. Edit db/migrations and db/functions instead.

create sequence order_ids start with 10001;

create table accounts (
  id integer not null generated always as identity (start with 1001),
  name text not null,
  created_at timestamptz not null default now(),
  constraint accounts_pkey PRIMARY KEY (id),
  constraint accounts_name_check CHECK (length(name) >= 1 AND length(name) <= 200)
);
CREATE INDEX accounts_name ON accounts USING btree (lower(name) COLLATE "C", id);

create table alerts (
  id bigint not null generated always as identity (start with 1),
  kind text not null,
  subject text not null,
  detail text not null,
  at timestamptz not null,
  resolved_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text,
  snoozed_until timestamptz,
  snoozed_by text,
  resolved_by text,
  constraint alerts_pkey PRIMARY KEY (id)
);
CREATE INDEX alerts_closed_page ON alerts USING btree (id) WHERE resolved_at IS NOT NULL;
CREATE UNIQUE INDEX alerts_open ON alerts USING btree (kind, subject) WHERE resolved_at IS NULL;
CREATE INDEX alerts_open_page ON alerts USING btree (id) WHERE resolved_at IS NULL;
CREATE INDEX alerts_resolved ON alerts USING btree (resolved_at) WHERE resolved_at IS NOT NULL;

create table api_keys (
  id integer not null generated always as identity (start with 1),
  account_id integer not null,
  name text not null,
  prefix text not null,
  hash bytea not null,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz,
  made_by integer,
  limited_as integer,
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_prefix_key UNIQUE (prefix),
  constraint api_keys_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint api_keys_limited_as_fkey FOREIGN KEY (limited_as) REFERENCES api_keys(id),
  constraint api_keys_made_by_fkey FOREIGN KEY (made_by) REFERENCES api_keys(id),
  constraint api_keys_hash_check CHECK (length(hash) = 32)
);
CREATE INDEX api_keys_of_account ON api_keys USING btree (account_id, id);
CREATE INDEX api_keys_valid ON api_keys USING btree (account_id) WHERE revoked_at IS NULL;

create table attempts (
  order_id bigint not null,
  batch integer not null,
  attempt integer not null,
  provider_id integer not null,
  provider_service text not null,
  cost_rate bigint not null,
  state text not null default 'intent'::text,
  sends integer not null default 0,
  provider_order text,
  error text,
  detail text,
  created_at timestamptz not null default clock_timestamp(),
  sending_at timestamptz,
  decided_at timestamptz,
  looks integer not null default 0,
  next_look_at timestamptz,
  looked_at timestamptz,
  none_since timestamptz,
  candidates jsonb not null default '[]'::jsonb,
  evidence jsonb,
  told_at timestamptz,
  choice jsonb,
  constraint attempts_pkey PRIMARY KEY (order_id, batch, attempt),
  constraint attempts_order_id_batch_fkey FOREIGN KEY (order_id, batch) REFERENCES batches(order_id, batch),
  constraint attempts_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint attempts_attempt_check CHECK (attempt >= 1),
  constraint attempts_check CHECK ((state = 'accepted'::text) = (provider_order IS NOT NULL)),
  constraint attempts_state_check CHECK (state = ANY (ARRAY['intent'::text, 'sending'::text, 'accepted'::text, 'refused'::text, 'unknown'::text, 'released'::text]))
);
CREATE INDEX attempts_open ON attempts USING btree (provider_id, provider_service) WHERE state = ANY (ARRAY['sending'::text, 'unknown'::text, 'released'::text]);
CREATE INDEX attempts_released ON attempts USING btree (provider_id, decided_at) WHERE state = 'released'::text;
CREATE INDEX attempts_sending ON attempts USING btree (provider_id, sending_at) WHERE state = 'sending'::text;
CREATE INDEX attempts_sent ON attempts USING brin (sending_at);
CREATE INDEX attempts_unknown ON attempts USING btree (order_id, batch, attempt) WHERE state = 'unknown'::text;
CREATE INDEX attempts_unknown_of_provider ON attempts USING btree (provider_id) WHERE state = 'unknown'::text;

create table audit (
  id bigint not null generated always as identity (start with 1),
  at timestamptz not null default clock_timestamp(),
  account_id integer,
  key_id integer,
  actor text not null,
  action text not null,
  subject text not null,
  object bigint,
  detail jsonb not null,
  request_id text not null,
  constraint audit_pkey PRIMARY KEY (id),
  constraint audit_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint audit_key_id_fkey FOREIGN KEY (key_id) REFERENCES api_keys(id),
  constraint audit_check CHECK ((account_id IS NULL) = (key_id IS NULL))
);
CREATE INDEX audit_at ON audit USING btree (at, id);
CREATE INDEX audit_below ON audit USING btree (split_part(subject, '/'::text, 1), at NULLS FIRST, id);
CREATE INDEX audit_below_two ON audit USING btree (((split_part(subject, '/'::text, 1) || '/'::text) || split_part(subject, '/'::text, 2)), at NULLS FIRST, id);
CREATE INDEX audit_of_action ON audit USING btree (action, at NULLS FIRST, id);
CREATE INDEX audit_of_key ON audit USING btree (key_id, at NULLS FIRST, id);
CREATE TRIGGER audit_append_only BEFORE DELETE OR UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

create table batches (
  order_id bigint not null,
  batch integer not null,
  quantity bigint not null,
  state text not null default 'waiting'::text,
  provider_id integer,
  provider_service text,
  provider_order text,
  cost_rate bigint,
  accepted_at timestamptz,
  provider_status text,
  delivered bigint not null default 0,
  remains bigint,
  counts_down boolean not null default false,
  start_count bigint,
  provider_charge text,
  progress_at timestamptz,
  stalled_since timestamptz,
  review_at timestamptz,
  stop_asked_at timestamptz,
  stop_answer text,
  stop_wanted_at timestamptz,
  resend boolean not null default false,
  resends integer,
  refill integer,
  terminal_at timestamptz,
  supported bigint,
  lost bigint not null default 0,
  next_look_at timestamptz,
  report_version integer not null default 0,
  acked_version integer not null default 0,
  reported_at timestamptz,
  constraint batches_pkey PRIMARY KEY (order_id, batch),
  constraint batches_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id),
  constraint batches_order_id_refill_fkey FOREIGN KEY (order_id, refill) REFERENCES refills(order_id, number),
  constraint batches_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint batches_batch_check CHECK (batch >= 1),
  constraint batches_check CHECK (delivered >= 0 AND delivered <= quantity),
  constraint batches_check1 CHECK (supported >= 0 AND supported <= quantity),
  constraint batches_check2 CHECK (acked_version <= report_version),
  constraint batches_check3 CHECK (state <> 'running'::text OR provider_id IS NOT NULL AND provider_order IS NOT NULL AND accepted_at IS NOT NULL),
  constraint batches_lost_check CHECK (lost >= 0),
  constraint batches_quantity_check CHECK (quantity > 0),
  constraint batches_state_check CHECK (state = ANY (ARRAY['waiting'::text, 'sending'::text, 'running'::text, 'uncertain'::text, 'done'::text])),
  constraint batches_stop_answer_check CHECK (stop_answer = ANY (ARRAY['accepted'::text, 'refused'::text, 'unclear'::text]))
);
CREATE INDEX batches_at_provider ON batches USING btree (provider_id, order_id) WHERE provider_id IS NOT NULL;
CREATE INDEX batches_last_words ON batches USING btree (provider_id, terminal_at) WHERE terminal_at IS NOT NULL;
CREATE INDEX batches_looks ON batches USING btree (provider_id, next_look_at) WHERE next_look_at IS NOT NULL;
CREATE INDEX batches_lost ON batches USING btree (provider_id, terminal_at) WHERE lost > 0;
CREATE INDEX batches_of_route ON batches USING btree (provider_id, provider_service, terminal_at) WHERE terminal_at IS NOT NULL;
CREATE UNIQUE INDEX batches_provider_order ON batches USING btree (provider_id, provider_order) WHERE provider_order IS NOT NULL;
CREATE INDEX batches_running ON batches USING btree (provider_id, order_id, batch) WHERE state = 'running'::text;
CREATE INDEX batches_stops_wanted ON batches USING btree (provider_id, stop_wanted_at) WHERE stop_wanted_at IS NOT NULL;
CREATE INDEX batches_unacted ON batches USING btree (order_id) WHERE (state = ANY (ARRAY['waiting'::text, 'sending'::text])) OR report_version > acked_version;
CREATE TRIGGER batches_claim BEFORE UPDATE OF provider_order ON batches FOR EACH ROW WHEN (new.provider_order IS NOT NULL AND new.provider_order IS DISTINCT FROM old.provider_order) EXECUTE FUNCTION claim_provider_order();

create table bulk_resolution_orders (
  bulk_id bigint not null,
  order_id bigint not null,
  attention text,
  attempts jsonb not null default '[]'::jsonb,
  status text not null default 'waiting'::text,
  message text,
  tries integer not null default 0,
  next_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  constraint bulk_resolution_orders_pkey PRIMARY KEY (bulk_id, order_id),
  constraint bulk_resolution_orders_bulk_id_fkey FOREIGN KEY (bulk_id) REFERENCES bulk_resolutions(id),
  constraint bulk_resolution_orders_status_check CHECK (status = ANY (ARRAY['waiting'::text, 'decided'::text, 'refused'::text, 'unanswered'::text, 'canceled'::text]))
);
CREATE INDEX bulk_resolution_orders_waiting ON bulk_resolution_orders USING btree (bulk_id, next_at) WHERE status = 'waiting'::text;

create table bulk_resolutions (
  id bigint not null generated always as identity (start with 801),
  actor text not null,
  reason text not null,
  resolution jsonb not null,
  filter jsonb,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  constraint bulk_resolutions_pkey PRIMARY KEY (id)
);
CREATE INDEX bulk_resolutions_open ON bulk_resolutions USING btree (id) WHERE ended_at IS NULL;

create table catalogue_changes (
  id bigint not null generated always as identity (start with 1),
  provider_id integer not null,
  service text not null,
  at timestamptz not null,
  what text not null,
  was text,
  now text,
  constraint catalogue_changes_pkey PRIMARY KEY (id),
  constraint catalogue_changes_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint catalogue_changes_what_check CHECK (what = ANY (ARRAY['rate'::text, 'min'::text, 'max'::text, 'step'::text, 'type'::text, 'gone'::text, 'back'::text]))
);
CREATE INDEX catalogue_changes_age ON catalogue_changes USING btree (at);
CREATE INDEX catalogue_changes_of_service ON catalogue_changes USING btree (provider_id, service, id NULLS FIRST);
CREATE INDEX catalogue_changes_page ON catalogue_changes USING btree (provider_id, id DESC);

create table claims (
  order_id bigint not null default nextval('order_ids'::regclass),
  account_id integer not null,
  idempotency_key text,
  fingerprint bytea not null,
  request jsonb,
  state text not null default 'open'::text,
  refusal jsonb,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  decided_at timestamptz,
  constraint claims_pkey PRIMARY KEY (order_id),
  constraint claims_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint claims_check CHECK ((state = 'open'::text) = (decided_at IS NULL)),
  constraint claims_check1 CHECK ((state = 'refused'::text) = (refusal IS NOT NULL)),
  constraint claims_request CHECK (request IS NOT NULL OR state = 'order'::text),
  constraint claims_state_check CHECK (state = ANY (ARRAY['open'::text, 'order'::text, 'refused'::text, 'withdrawn'::text]))
);
CREATE UNIQUE INDEX claims_key ON claims USING btree (account_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX claims_keys ON claims USING btree (created_at) WHERE state = 'order'::text AND request IS NULL AND idempotency_key IS NOT NULL;
CREATE INDEX claims_open ON claims USING btree (created_at) WHERE state = 'open'::text;
CREATE INDEX claims_over ON claims USING btree (decided_at) WHERE state = ANY (ARRAY['refused'::text, 'withdrawn'::text]);
CREATE INDEX claims_unplaceable ON claims USING btree (decided_at) WHERE (refusal ->> 'code'::text) = 'cannot_be_placed'::text;

create table counted_days (
  day date not null,
  counted_at timestamptz not null,
  constraint counted_days_pkey PRIMARY KEY (day)
);

create table delivery_samples (
  order_id bigint not null,
  batch integer not null,
  at timestamptz not null,
  delivered bigint not null,
  constraint delivery_samples_pkey PRIMARY KEY (order_id, batch, at),
  constraint delivery_samples_order_id_batch_fkey FOREIGN KEY (order_id, batch) REFERENCES batches(order_id, batch)
);

create table events (
  id bigint not null generated always as identity (start with 1),
  order_id bigint not null,
  account_id integer not null,
  type text not null,
  actor text not null,
  version integer not null,
  data jsonb not null default '{}'::jsonb,
  note integer,
  at timestamptz not null,
  constraint events_pkey PRIMARY KEY (id),
  constraint events_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint events_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id)
);
CREATE INDEX events_announced_at ON events USING btree (account_id, at) WHERE is_announced(type);
CREATE UNIQUE INDEX events_note ON events USING btree (order_id, note) WHERE note IS NOT NULL;
CREATE INDEX events_of_account ON events USING btree (account_id, id) WHERE type !~~ 'attempt.%'::text;
CREATE INDEX events_order ON events USING btree (order_id, id);
CREATE TRIGGER events_announced AFTER INSERT ON events FOR EACH ROW WHEN (is_announced(new.type)) EXECUTE FUNCTION announce_event();

create table favourite_services (
  account_id integer not null,
  service_id integer not null,
  constraint favourite_services_pkey PRIMARY KEY (account_id, service_id),
  constraint favourite_services_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint favourite_services_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);

create table held_corrections (
  id bigint not null generated always as identity (start with 1),
  order_id bigint not null,
  batch integer not null,
  provider_id integer not null,
  state text not null default 'held'::text,
  status text not null,
  remains bigint,
  charge text,
  delivered bigint not null,
  cost bigint,
  rate_cost bigint,
  amount bigint not null,
  held_at timestamptz not null,
  said_at timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  reason text,
  constraint held_corrections_pkey PRIMARY KEY (id),
  constraint held_corrections_order_id_batch_fkey FOREIGN KEY (order_id, batch) REFERENCES batches(order_id, batch),
  constraint held_corrections_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint held_corrections_amount_check CHECK (amount >= 0),
  constraint held_corrections_check CHECK ((state = ANY (ARRAY['released'::text, 'applied'::text, 'dropped'::text])) = (decided_at IS NOT NULL AND decided_by IS NOT NULL)),
  constraint held_corrections_delivered_check CHECK (delivered >= 0),
  constraint held_corrections_state_check CHECK (state = ANY (ARRAY['held'::text, 'released'::text, 'applied'::text, 'dropped'::text, 'withdrawn'::text]))
);
CREATE INDEX held_corrections_of_state ON held_corrections USING btree (provider_id, state, id NULLS FIRST);
CREATE UNIQUE INDEX held_corrections_open ON held_corrections USING btree (order_id, batch) WHERE state = ANY (ARRAY['held'::text, 'released'::text]);

create table imports (
  service_id integer not null,
  provider_id integer not null,
  provider_service text not null,
  percent bigint not null,
  plus bigint not null,
  follow boolean not null,
  at timestamptz not null default clock_timestamp(),
  constraint imports_pkey PRIMARY KEY (service_id),
  constraint imports_provider_id_provider_service_key UNIQUE (provider_id, provider_service),
  constraint imports_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint imports_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint imports_percent_check CHECK (percent >= 0),
  constraint imports_plus_check CHECK (plus >= 0)
);

create table kept_keys (
  name text not null,
  cipher bytea not null,
  constraint kept_keys_pkey PRIMARY KEY (name)
);

create table late_orders (
  id bigint not null generated always as identity (start with 1),
  order_id bigint not null,
  batch integer not null,
  attempt integer not null,
  provider_id integer not null,
  provider_order text not null,
  found_by text not null,
  at timestamptz not null default clock_timestamp(),
  stop_asked boolean not null default false,
  provider_status text,
  provider_charge text,
  next_look_at timestamptz default clock_timestamp(),
  loss bigint,
  booked_at timestamptz,
  constraint late_orders_pkey PRIMARY KEY (id),
  constraint late_orders_provider_id_provider_order_key UNIQUE (provider_id, provider_order),
  constraint late_orders_order_id_batch_attempt_fkey FOREIGN KEY (order_id, batch, attempt) REFERENCES attempts(order_id, batch, attempt),
  constraint late_orders_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint late_orders_check CHECK ((loss IS NULL) = (booked_at IS NULL)),
  constraint late_orders_loss_check CHECK (loss >= 0)
);
CREATE INDEX late_orders_due ON late_orders USING btree (provider_id, next_look_at) WHERE next_look_at IS NOT NULL;
CREATE INDEX late_orders_order ON late_orders USING btree (order_id);
CREATE TRIGGER late_orders_claim BEFORE INSERT ON late_orders FOR EACH ROW EXECUTE FUNCTION claim_provider_order();

create table ledger_drift (
  id bigint not null generated always as identity (start with 1),
  part text not null,
  item text not null,
  check_name text not null,
  subject text not null,
  detail text not null,
  found_at timestamptz not null default clock_timestamp(),
  constraint ledger_drift_pkey PRIMARY KEY (id),
  constraint ledger_drift_part_item_check_name_subject_detail_key UNIQUE (part, item, check_name, subject, detail)
);

create table ledger_passes (
  series text not null,
  after text,
  begun_at timestamptz not null default clock_timestamp(),
  whole_since timestamptz,
  constraint ledger_passes_pkey PRIMARY KEY (series)
);

create table ledger_proof (
  only_one boolean not null default true,
  proved_to bigint not null default 0,
  seen_to bigint,
  seen_by xid8,
  at timestamptz,
  took_ms integer,
  report jsonb,
  stopped text,
  complete_at timestamptz,
  constraint ledger_proof_pkey PRIMARY KEY (only_one),
  constraint ledger_proof_check CHECK ((seen_to IS NULL) = (seen_by IS NULL)),
  constraint ledger_proof_only_one_check CHECK (only_one)
);

create table mass_lines (
  mass_id bigint not null,
  line integer not null,
  request jsonb,
  status text not null default 'waiting'::text,
  order_id bigint,
  error jsonb,
  constraint mass_lines_pkey PRIMARY KEY (mass_id, line),
  constraint mass_lines_mass_id_fkey FOREIGN KEY (mass_id) REFERENCES mass_placements(id),
  constraint mass_lines_check CHECK ((status = 'refused'::text) = (error IS NOT NULL)),
  constraint mass_lines_check1 CHECK (status = 'refused'::text OR request IS NOT NULL),
  constraint mass_lines_line_check CHECK (line > 0),
  constraint mass_lines_status_check CHECK (status = ANY (ARRAY['waiting'::text, 'placed'::text, 'refused'::text, 'canceled'::text]))
);
CREATE INDEX mass_lines_waiting ON mass_lines USING btree (mass_id, line) WHERE status = 'waiting'::text;

create table mass_placements (
  id bigint not null generated always as identity (start with 501),
  account_id integer not null,
  idempotency_key text,
  total integer not null,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  placed integer,
  refused integer,
  canceled integer,
  constraint mass_placements_pkey PRIMARY KEY (id),
  constraint mass_placements_account_id_idempotency_key_key UNIQUE (account_id, idempotency_key),
  constraint mass_placements_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint mass_placements_total_check CHECK (total > 0)
);
CREATE INDEX mass_placements_ended ON mass_placements USING btree (ended_at) WHERE ended_at IS NOT NULL AND placed IS NULL;
CREATE INDEX mass_placements_open ON mass_placements USING btree (id) WHERE ended_at IS NULL;
CREATE INDEX mass_placements_over ON mass_placements USING btree (ended_at) WHERE placed IS NOT NULL;
CREATE INDEX mass_placements_waiting ON mass_placements USING btree (account_id) WHERE ended_at IS NULL;

create table money_days (
  day date not null,
  part text not null,
  subject integer not null,
  revenue bigint not null default 0,
  cost bigint not null default 0,
  loss bigint not null default 0,
  constraint money_days_pkey PRIMARY KEY (part, day, subject),
  constraint money_days_part_check CHECK (part = ANY (ARRAY['service'::text, 'provider'::text, 'account'::text]))
);

create table money_days_cursor (
  only_one boolean not null default true,
  transfers_to bigint not null,
  constraint money_days_cursor_pkey PRIMARY KEY (only_one),
  constraint money_days_cursor_only_one_check CHECK (only_one)
);

create table money_steps (
  key text not null,
  payload jsonb not null,
  at timestamptz not null default clock_timestamp(),
  constraint money_steps_pkey PRIMARY KEY (key),
  constraint money_steps_key_check CHECK (length(key) >= 1 AND length(key) <= 300)
);
CREATE INDEX money_steps_payments ON money_steps USING btree (key) WHERE key ~~ 'deposit:%'::text OR key ~~ 'debit:%'::text;
CREATE TRIGGER money_steps_append_only BEFORE DELETE OR UPDATE ON money_steps FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER money_steps_no_truncate BEFORE TRUNCATE ON money_steps FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

create table order_days (
  day date not null,
  part text not null,
  subject integer not null,
  completed integer not null,
  partial integer not null,
  canceled integer not null,
  refills integer not null,
  starts integer[] not null,
  ends integer[] not null,
  constraint order_days_pkey PRIMARY KEY (part, day, subject),
  constraint order_days_part_check CHECK (part = ANY (ARRAY['service'::text, 'provider'::text]))
);

create table order_restarts (
  order_id bigint not null,
  times integer not null,
  since timestamptz not null,
  given_up_at timestamptz,
  constraint order_restarts_pkey PRIMARY KEY (order_id),
  constraint order_restarts_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id)
);

create table order_views (
  id bigint not null generated always as identity (start with 1),
  account_id integer not null,
  name text not null,
  query text not null,
  constraint order_views_pkey PRIMARY KEY (id),
  constraint order_views_account_id_name_key UNIQUE (account_id, name),
  constraint order_views_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint order_views_name_check CHECK (length(name) >= 1 AND length(name) <= 60),
  constraint order_views_query_check CHECK (length(query) >= 1 AND length(query) <= 1000)
);

create table orders (
  id bigint not null,
  account_id integer not null,
  service_id integer not null,
  link text not null,
  link_key text not null,
  quantity integer not null,
  runs integer not null default 1,
  interval_minutes integer,
  total_quantity bigint not null,
  type text not null,
  fields jsonb not null default '{}'::jsonb,
  unit_price bigint not null,
  price bigint not null,
  status text not null default 'Pending'::text,
  attention text not null default 'none'::text,
  reason text,
  charge bigint not null,
  refunded bigint not null default 0,
  delivered bigint not null default 0,
  start_count bigint,
  refill_days integer not null,
  refill_cap integer not null,
  refill_cooldown_seconds integer not null,
  refill_fallback text not null,
  stall_after_seconds integer not null,
  review_after_seconds integer not null,
  created_at timestamptz not null default clock_timestamp(),
  scheduled_at timestamptz,
  started_at timestamptz,
  settled_at timestamptz,
  completed_at timestamptz,
  next_run_at timestamptz,
  refill_until timestamptz,
  reference text,
  cancelable boolean not null,
  after_failed_run text not null,
  verify text not null,
  counter_url text,
  counter_tolerance_percent integer not null,
  recheck_seconds integer not null,
  counted_start bigint,
  paused_at timestamptz,
  paused_by text,
  canceled_by text,
  finishing boolean not null,
  notes integer not null default 0,
  corrections integer not null default 0,
  version integer not null default 1,
  compacted_at timestamptz,
  metadata jsonb not null default '{}'::jsonb,
  reorder_of bigint,
  written_run text,
  written_event integer,
  constraint orders_pkey PRIMARY KEY (id),
  constraint orders_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint orders_id_fkey FOREIGN KEY (id) REFERENCES claims(order_id),
  constraint orders_reorder_of_fkey FOREIGN KEY (reorder_of) REFERENCES orders(id),
  constraint orders_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint orders_attention_check CHECK (attention = ANY (ARRAY['none'::text, 'stalled'::text, 'paused'::text, 'review'::text, 'conflict'::text, 'uncertain'::text])),
  constraint orders_check CHECK (total_quantity = (quantity::bigint * runs)),
  constraint orders_check1 CHECK (price = (unit_price * total_quantity)),
  constraint orders_check2 CHECK (delivered >= 0 AND delivered <= total_quantity),
  constraint orders_check3 CHECK (charge >= 0 AND refunded >= 0 AND (charge + refunded) = price),
  constraint orders_check4 CHECK ((settled_at IS NOT NULL) = (status = ANY (ARRAY['Completed'::text, 'Partial'::text, 'Canceled'::text]))),
  constraint orders_check5 CHECK (completed_at IS NULL OR status = 'Completed'::text OR corrections > 0),
  constraint orders_interval_minutes_check CHECK (interval_minutes > 0),
  constraint orders_quantity_check CHECK (quantity > 0),
  constraint orders_reason_check CHECK (reason = ANY (ARRAY['private'::text, 'throttled'::text, 'overloaded'::text, 'deleted'::text, 'refused'::text, 'requested'::text, 'unknown'::text])),
  constraint orders_runs_check CHECK (runs > 0),
  constraint orders_status_check CHECK (status = ANY (ARRAY['Pending'::text, 'Processing'::text, 'In progress'::text, 'Completed'::text, 'Partial'::text, 'Canceled'::text])),
  constraint orders_unit_price_check CHECK (unit_price >= 0)
);
CREATE INDEX orders_at ON orders USING btree (created_at, id);
CREATE INDEX orders_at_link ON orders USING btree (link_hash(link), created_at NULLS FIRST, id);
CREATE INDEX orders_at_service ON orders USING btree (service_id, created_at NULLS FIRST, id);
CREATE INDEX orders_at_status ON orders USING btree (status, created_at NULLS FIRST, id);
CREATE INDEX orders_in_progress ON orders USING btree (started_at, id) WHERE started_at IS NOT NULL AND settled_at IS NULL;
CREATE INDEX orders_link_queue ON orders USING btree (service_id, link_hash(link_key), id) WHERE settled_at IS NULL;
CREATE INDEX orders_of_account ON orders USING btree (account_id, created_at, id);
CREATE INDEX orders_of_attention ON orders USING btree (account_id, attention, created_at NULLS FIRST, id) WHERE attention <> 'none'::text;
CREATE INDEX orders_of_drip_feeds ON orders USING btree (account_id, created_at NULLS FIRST, id) WHERE runs > 1;
CREATE INDEX orders_of_link ON orders USING btree (account_id, link_hash(link), created_at NULLS FIRST, id);
CREATE INDEX orders_of_reference ON orders USING btree (account_id, reference, created_at NULLS FIRST, id) WHERE reference IS NOT NULL;
CREATE INDEX orders_of_service ON orders USING btree (account_id, service_id, created_at NULLS FIRST, id);
CREATE INDEX orders_of_status ON orders USING btree (account_id, status, created_at NULLS FIRST, id);
CREATE INDEX orders_open ON orders USING btree (id) WHERE settled_at IS NULL;
CREATE INDEX orders_refillable ON orders USING btree (refill_until, id) WHERE refill_until IS NOT NULL;
CREATE UNIQUE INDEX orders_reorder_of ON orders USING btree (reorder_of) WHERE reorder_of IS NOT NULL;
CREATE INDEX orders_service_settled ON orders USING btree (service_id, settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX orders_to_begin ON orders USING btree (id) WHERE settled_at IS NULL AND (status = 'Pending'::text OR next_run_at IS NOT NULL);
CREATE INDEX orders_to_compact ON orders USING btree (GREATEST(settled_at, refill_until), id) WHERE settled_at IS NOT NULL AND compacted_at IS NULL;
CREATE INDEX orders_waiting ON orders USING btree (id) WHERE attention <> 'none'::text;
CREATE INDEX orders_waiting_for ON orders USING btree (attention, id NULLS FIRST) WHERE attention <> 'none'::text;

create table outbox (
  only_one boolean not null default true,
  sleeps boolean not null,
  constraint outbox_pkey PRIMARY KEY (only_one),
  constraint outbox_only_one_check CHECK (only_one)
);

create table provider_calls (
  provider_id integer not null,
  minute timestamptz not null,
  action text not null,
  answered integer not null default 0,
  errors integer not null default 0,
  not_sent integer not null default 0,
  no_answer integer not null default 0,
  latency integer[] not null,
  constraint provider_calls_pkey PRIMARY KEY (provider_id, minute, action),
  constraint provider_calls_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id)
);

create table provider_checks (
  provider_id integer not null,
  balance text,
  currency text,
  balance_at timestamptz,
  catalogue_at timestamptz,
  problem text,
  constraint provider_checks_pkey PRIMARY KEY (provider_id),
  constraint provider_checks_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id)
);

create table provider_services (
  id bigint not null generated always as identity (start with 1),
  provider_id integer not null,
  service text not null,
  name text not null,
  category text not null,
  type text not null,
  rate text,
  min bigint,
  max bigint,
  step bigint,
  drip_feed boolean not null,
  refill boolean not null,
  cancel boolean not null,
  first_seen_at timestamptz not null,
  changed_at timestamptz not null,
  gone_at timestamptz,
  last_seen_at timestamptz,
  last_listed_at timestamptz,
  constraint provider_services_pkey PRIMARY KEY (id),
  constraint provider_services_provider_id_service_key UNIQUE (provider_id, service),
  constraint provider_services_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint provider_services_check CHECK ((gone_at IS NULL) = (last_seen_at IS NULL))
);
CREATE INDEX provider_services_page ON provider_services USING btree (provider_id, id DESC);

create table providers (
  id integer not null generated always as identity (start with 1),
  name text not null,
  url text not null,
  key_cipher bytea not null,
  callback_cipher bytea,
  poll_seconds integer not null,
  profile jsonb not null default '{}'::jsonb,
  no_lists jsonb not null default '{}'::jsonb,
  paused_until timestamptz,
  pause_reason text,
  pause_note text,
  troubles integer not null default 0,
  unclear integer not null default 0,
  recovered_at timestamptz,
  created_at timestamptz not null default now(),
  failed_accounts integer[] not null default '{}'::integer[],
  paused_for_all boolean not null default true,
  constraint providers_pkey PRIMARY KEY (id),
  constraint providers_name_key UNIQUE (name),
  constraint providers_pause_reason_check CHECK (pause_reason = ANY (ARRAY['funds'::text, 'key'::text, 'throttled'::text, 'unreachable'::text, 'trouble'::text, 'staff'::text])),
  constraint providers_poll_seconds_check CHECK (poll_seconds >= 1 AND poll_seconds <= 86400)
);

create table recent_requests (
  account_id integer not null,
  requests jsonb not null,
  updated_at timestamptz not null,
  constraint recent_requests_pkey PRIMARY KEY (account_id),
  constraint recent_requests_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint recent_requests_requests_check CHECK (jsonb_typeof(requests) = 'array'::text)
);
CREATE INDEX recent_requests_updated ON recent_requests USING btree (updated_at);

create table reconciliation (
  only_one boolean not null default true,
  at timestamptz not null,
  took_ms integer not null,
  report jsonb not null,
  swept_at timestamptz,
  order_cursor bigint not null,
  window_cursor timestamptz not null,
  window_cursor_id bigint not null,
  overdue_cursor bigint not null,
  started_cursor timestamptz,
  ended_cursor timestamptz not null,
  asked_cursor bigint not null default 0,
  constraint reconciliation_pkey PRIMARY KEY (only_one),
  constraint reconciliation_only_one_check CHECK (only_one)
);

create table refill_parts (
  order_id bigint not null,
  refill integer not null,
  batch integer not null,
  provider_id integer not null,
  provider_refill text,
  state text not null,
  constraint refill_parts_pkey PRIMARY KEY (order_id, refill, batch),
  constraint refill_parts_order_id_refill_fkey FOREIGN KEY (order_id, refill) REFERENCES refills(order_id, number),
  constraint refill_parts_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint refill_parts_check CHECK ((state = 'refused'::text) = (provider_refill IS NULL)),
  constraint refill_parts_state_check CHECK (state = ANY (ARRAY['refused'::text, 'asked'::text, 'Completed'::text, 'Rejected'::text, 'left'::text]))
);
CREATE INDEX refill_parts_asked ON refill_parts USING btree (provider_id) WHERE state = 'asked'::text;
CREATE UNIQUE INDEX refill_parts_provider_refill ON refill_parts USING btree (provider_id, provider_refill);

create table refills (
  id bigint not null generated always as identity (start with 1),
  order_id bigint not null,
  number integer not null,
  stage text not null default 'asking'::text,
  before text,
  outcome text,
  missing bigint,
  requested_by text not null,
  reason text,
  open_calls integer not null default 0,
  why text,
  requested_at timestamptz not null,
  review_at timestamptz not null,
  ended_at timestamptz,
  reported_at timestamptz,
  account_id integer,
  constraint refills_pkey PRIMARY KEY (id),
  constraint refills_order_id_number_key UNIQUE (order_id, number),
  constraint refills_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint refills_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id),
  constraint refills_before_check CHECK (before = ANY (ARRAY['tracked'::text, 'resending'::text])),
  constraint refills_check CHECK ((stage = 'ended'::text) = (outcome IS NOT NULL) AND (stage = 'ended'::text) = (ended_at IS NOT NULL)),
  constraint refills_missing_check CHECK (missing > 0),
  constraint refills_number_check CHECK (number >= 1),
  constraint refills_open_calls_check CHECK (open_calls >= 0),
  constraint refills_outcome_check CHECK (outcome = ANY (ARRAY['Completed'::text, 'Rejected'::text])),
  constraint refills_stage_check CHECK (stage = ANY (ARRAY['asking'::text, 'tracked'::text, 'resending'::text, 'review'::text, 'ended'::text]))
);
CREATE INDEX refills_of_account ON refills USING btree (account_id, id);
CREATE INDEX refills_of_status ON refills USING btree (account_id, refill_status(stage, outcome), id NULLS FIRST);
CREATE UNIQUE INDEX refills_open ON refills USING btree (order_id) WHERE stage <> 'ended'::text;
CREATE INDEX refills_requested ON refills USING btree (requested_at);
CREATE TRIGGER refills_own BEFORE INSERT ON refills FOR EACH ROW EXECUTE FUNCTION own_refill();

create table route_places (
  service_id integer not null,
  provider_id integer not null,
  provider_service text not null,
  place integer not null,
  ended integer not null,
  short integer not null,
  p50_seconds double precision,
  as_of timestamptz not null,
  constraint route_places_pkey PRIMARY KEY (service_id, provider_id, provider_service),
  constraint route_places_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint route_places_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint route_places_place_check CHECK (place >= 1)
);

create table routes (
  service_id integer not null,
  position integer not null,
  provider_id integer not null,
  provider_service text not null,
  rate bigint not null,
  active boolean not null default true,
  held text,
  min_quantity bigint,
  max_quantity bigint,
  quantity_step bigint,
  constraint routes_pkey PRIMARY KEY (service_id, "position"),
  constraint routes_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint routes_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint routes_held_check CHECK (held = ANY (ARRAY['gone'::text, 'unprofitable'::text])),
  constraint routes_position_check CHECK ("position" >= 1),
  constraint routes_quantity_step_check CHECK (quantity_step >= 1),
  constraint routes_rate_check CHECK (rate >= 0)
);
CREATE INDEX routes_provider ON routes USING btree (provider_id, provider_service);

create table service_stats (
  service_id integer not null,
  as_of timestamptz not null,
  figures jsonb not null,
  constraint service_stats_pkey PRIMARY KEY (service_id),
  constraint service_stats_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);

create table services (
  id integer not null generated always as identity (start with 1),
  name text not null,
  category text not null,
  type text not null,
  rate bigint not null,
  min integer not null,
  max integer not null,
  drip_feed boolean not null,
  cancel boolean not null,
  refill_days integer not null,
  refill_cap integer not null default 10,
  refill_cooldown_seconds integer not null default 86400,
  refill_fallback text not null default 'review'::text,
  stall_after_seconds integer not null,
  review_after_seconds integer not null,
  verify text not null,
  link_pattern text,
  duplicate_link text not null,
  duplicate_scope text not null default 'account'::text,
  ignored_link_parameters text[] not null default '{}'::text[],
  after_failed_run text not null default 'continue'::text,
  counter_url text,
  counter_tolerance_percent integer not null default 5,
  recheck_seconds integer not null default 300,
  step integer not null default 1,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  unlimited_posts integer,
  routing text not null default 'order'::text,
  constraint services_pkey PRIMARY KEY (id),
  constraint services_after_failed_run_check CHECK (after_failed_run = ANY (ARRAY['continue'::text, 'retry'::text, 'stop'::text])),
  constraint services_check CHECK (max >= min),
  constraint services_check1 CHECK (verify = 'provider'::text OR counter_url IS NOT NULL),
  constraint services_check2 CHECK ((type = 'Subscriptions'::text) = (unlimited_posts IS NOT NULL)),
  constraint services_counter_tolerance_percent_check CHECK (counter_tolerance_percent >= 0 AND counter_tolerance_percent <= 100),
  constraint services_duplicate_link_check CHECK (duplicate_link = ANY (ARRAY['reject'::text, 'queue'::text, 'allow'::text])),
  constraint services_duplicate_scope_check CHECK (duplicate_scope = ANY (ARRAY['account'::text, 'all'::text])),
  constraint services_min_check CHECK (min >= 1),
  constraint services_rate_check CHECK (rate >= 0),
  constraint services_recheck_seconds_check CHECK (recheck_seconds > 0),
  constraint services_refill_cap_check CHECK (refill_cap > 0),
  constraint services_refill_cooldown_seconds_check CHECK (refill_cooldown_seconds >= 0),
  constraint services_refill_days_check CHECK (refill_days >= 0 AND refill_days <= 36500),
  constraint services_refill_fallback_check CHECK (refill_fallback = ANY (ARRAY['review'::text, 'resend'::text, 'reject'::text])),
  constraint services_review_after_seconds_check CHECK (review_after_seconds > 0),
  constraint services_routing_check CHECK (routing = ANY (ARRAY['order'::text, 'cheapest'::text, 'fastest'::text])),
  constraint services_stall_after_seconds_check CHECK (stall_after_seconds > 0),
  constraint services_step_check CHECK (step >= 1),
  constraint services_unlimited_posts_check CHECK (unlimited_posts >= 1 AND unlimited_posts <= 100000),
  constraint services_verify_check CHECK (verify = ANY (ARRAY['provider'::text, 'counter'::text]))
);
CREATE INDEX services_of_category ON services USING btree (category, type, rate, id) WHERE active;

create table sessions (
  id bigint not null generated always as identity (start with 1),
  hash bytea not null,
  key_id integer not null,
  desk text not null,
  agent text not null,
  created_at timestamptz not null default clock_timestamp(),
  last_seen_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_hash_key UNIQUE (hash),
  constraint sessions_key_id_fkey FOREIGN KEY (key_id) REFERENCES api_keys(id),
  constraint sessions_agent_check CHECK (length(agent) <= 200),
  constraint sessions_desk_check CHECK (desk = ANY (ARRAY['app'::text, 'ops'::text])),
  constraint sessions_hash_check CHECK (length(hash) = 32)
);
CREATE INDEX sessions_expiry ON sessions USING btree (expires_at);
CREATE INDEX sessions_key ON sessions USING btree (key_id, id);

create table sign_in_links (
  hash bytea not null,
  key_id integer not null,
  desk text not null,
  expires_at timestamptz not null,
  constraint sign_in_links_pkey PRIMARY KEY (hash),
  constraint sign_in_links_key_id_fkey FOREIGN KEY (key_id) REFERENCES api_keys(id),
  constraint sign_in_links_desk_check CHECK (desk = ANY (ARRAY['app'::text, 'ops'::text])),
  constraint sign_in_links_hash_check CHECK (length(hash) = 32)
);

create table stored_answers (
  account_id integer not null,
  route text not null,
  idempotency_key text not null,
  fingerprint bytea not null,
  status integer not null,
  body jsonb,
  body_cipher bytea,
  created_at timestamptz not null default now(),
  constraint stored_answers_pkey PRIMARY KEY (account_id, route, idempotency_key),
  constraint stored_answers_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint stored_answers_check CHECK ((body IS NULL) <> (body_cipher IS NULL))
);
CREATE INDEX stored_answers_age ON stored_answers USING btree (created_at);

create table take_back_decisions (
  provider_id integer not null,
  at timestamptz not null,
  constraint take_back_decisions_pkey PRIMARY KEY (provider_id),
  constraint take_back_decisions_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id)
);

create table transfers (
  id bigint not null generated always as identity (start with 1),
  step text not null,
  kind text not null,
  debit text not null,
  credit text not null,
  amount bigint not null,
  order_id bigint,
  wallet_id integer,
  wallet_balance bigint,
  wallet_version bigint,
  note text,
  at timestamptz not null default clock_timestamp(),
  constraint transfers_pkey PRIMARY KEY (id),
  constraint transfers_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id),
  constraint transfers_step_fkey FOREIGN KEY (step) REFERENCES money_steps(key),
  constraint transfers_wallet_id_fkey FOREIGN KEY (wallet_id) REFERENCES wallets(account_id),
  constraint transfers_amount_check CHECK (amount > 0),
  constraint transfers_check CHECK (credit <> debit),
  constraint transfers_check1 CHECK ((wallet_id IS NULL) = (wallet_balance IS NULL) AND (wallet_id IS NULL) = (wallet_version IS NULL)),
  constraint transfers_check2 CHECK ((wallet_id IS NOT NULL) = (debit ~~ 'wallet:%'::text OR credit ~~ 'wallet:%'::text)),
  constraint transfers_kind_check CHECK (kind = ANY (ARRAY['deposit'::text, 'debit'::text, 'hold'::text, 'charge'::text, 'refund'::text, 'correction'::text, 'cost'::text, 'rebate'::text, 'loss'::text, 'recovery'::text]))
);
CREATE INDEX transfers_order ON transfers USING btree (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX transfers_step ON transfers USING btree (step);
CREATE UNIQUE INDEX transfers_wallet ON transfers USING btree (wallet_id, wallet_version) WHERE wallet_id IS NOT NULL;
CREATE INDEX transfers_wallet_at ON transfers USING btree (wallet_id, at, wallet_version) INCLUDE (kind, amount) WHERE wallet_id IS NOT NULL;
CREATE TRIGGER transfers_append_only BEFORE DELETE OR UPDATE ON transfers FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfers_no_truncate BEFORE TRUNCATE ON transfers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

create table wallets (
  account_id integer not null,
  balance bigint not null default 0,
  version bigint not null default 0,
  constraint wallets_pkey PRIMARY KEY (account_id),
  constraint wallets_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint wallets_balance_check CHECK (balance >= 0)
);

create table watch_rounds (
  provider_id integer not null,
  at timestamptz not null,
  silent_since timestamptz,
  constraint watch_rounds_pkey PRIMARY KEY (provider_id),
  constraint watch_rounds_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id)
);

create table webhook_confirmations (
  id bigint not null generated always as identity (start with 1),
  account_id integer not null,
  address bytea not null,
  at timestamptz not null default clock_timestamp(),
  constraint webhook_confirmations_pkey PRIMARY KEY (id),
  constraint webhook_confirmations_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id)
);
CREATE INDEX webhook_confirmations_account ON webhook_confirmations USING btree (account_id, at);
CREATE INDEX webhook_confirmations_address ON webhook_confirmations USING btree (address, at);

create table webhook_deliveries (
  event_id bigint not null,
  endpoint_id integer not null,
  type text not null,
  order_id bigint,
  state text not null default 'pending'::text,
  round integer not null default 1,
  attempts integer not null default 0,
  last_status integer,
  last_error text,
  created_at timestamptz not null default clock_timestamp(),
  last_attempt_at timestamptz,
  next_attempt_at timestamptz default now(),
  delivered_at timestamptz,
  replayed_at timestamptz,
  constraint webhook_deliveries_pkey PRIMARY KEY (endpoint_id, event_id),
  constraint webhook_deliveries_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoints(id),
  constraint webhook_deliveries_check CHECK ((state = ANY (ARRAY['pending'::text, 'retrying'::text])) = (next_attempt_at IS NOT NULL)),
  constraint webhook_deliveries_check1 CHECK ((state = 'delivered'::text) = (delivered_at IS NOT NULL)),
  constraint webhook_deliveries_state_check CHECK (state = ANY (ARRAY['pending'::text, 'retrying'::text, 'delivered'::text, 'failed'::text, 'stopped'::text]))
);
CREATE INDEX webhook_deliveries_created ON webhook_deliveries USING brin (created_at);
CREATE INDEX webhook_deliveries_late ON webhook_deliveries USING btree (endpoint_id, next_attempt_at) WHERE state = 'retrying'::text;
CREATE INDEX webhook_deliveries_of_state ON webhook_deliveries USING btree (endpoint_id, state, event_id NULLS FIRST) WHERE state <> 'delivered'::text;
CREATE INDEX webhook_deliveries_pending ON webhook_deliveries USING btree (endpoint_id, next_attempt_at) WHERE state = 'pending'::text;
CREATE TRIGGER webhook_deliveries_wake AFTER INSERT OR UPDATE OF round ON webhook_deliveries FOR EACH ROW WHEN (new.state = 'pending'::text) EXECUTE FUNCTION wake_outbox();

create table webhook_endpoints (
  id integer not null generated always as identity (start with 1),
  account_id integer not null,
  url text,
  email text,
  description text,
  events text[],
  secret_cipher bytea,
  previous_cipher bytea,
  previous_until timestamptz,
  confirm_until timestamptz,
  confirmed_at timestamptz,
  disabled_reason text,
  failing_since timestamptz,
  given_up integer not null default 0,
  replayed_at timestamptz,
  tests integer not null default 0,
  tests_since timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  constraint webhook_endpoints_pkey PRIMARY KEY (id),
  constraint webhook_endpoints_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint webhook_endpoints_check CHECK ((previous_cipher IS NULL) = (previous_until IS NULL)),
  constraint webhook_endpoints_check1 CHECK (num_nonnulls(url, email) = 1 OR COALESCE(disabled_reason, ''::text) = 'deleted'::text),
  constraint webhook_endpoints_check2 CHECK ((secret_cipher IS NULL) = (url IS NULL)),
  constraint webhook_endpoints_check3 CHECK (email IS NULL OR confirmed_at IS NOT NULL OR (COALESCE(disabled_reason, ''::text) = ANY (ARRAY['unconfirmed'::text, 'deleted'::text]))),
  constraint webhook_endpoints_check4 CHECK (disabled_reason IS DISTINCT FROM 'unconfirmed'::text OR confirm_until IS NOT NULL),
  constraint webhook_endpoints_disabled_reason_check CHECK (disabled_reason = ANY (ARRAY['gone'::text, 'owner'::text, 'failing'::text, 'unconfirmed'::text, 'deleted'::text])),
  constraint webhook_endpoints_events_check CHECK (cardinality(events) > 0)
);
CREATE INDEX webhook_endpoints_account ON webhook_endpoints USING btree (account_id, id) WHERE disabled_reason IS DISTINCT FROM 'deleted'::text;
CREATE INDEX webhook_endpoints_made ON webhook_endpoints USING btree (account_id, created_at);

CREATE OR REPLACE FUNCTION public.accept_order(p_order bigint, p_link text, p_link_key text, p_quantity integer, p_runs integer, p_interval integer, p_fields jsonb, p_service integer, p_unit_price bigint, p_scheduled_at timestamptz, p_reference text, p_type text DEFAULT NULL::text, OUT state text, OUT placed orders)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_catalog', 'pg_temp'
AS $function$
declare
  claim   claims;
  service services;
  step    text := format('order:%s:hold', p_order);
  total   bigint := p_quantity::bigint * p_runs;
  price   bigint;
  verdict jsonb;
  reordered bigint;
begin
  select * into strict claim from claims where order_id = p_order for update;
  state := claim.state;
  if state <> 'open' then
    return;
  end if;
  if claim.expires_at <= clock_timestamp() then
    state := close_claim(p_order, 'withdrawn');
    return;
  end if;
  reordered := (claim.request->>'reorderOf')::bigint;
  select * into strict service from services where id = p_service;
  if p_type <> service.type then
    return;
  end if;
  verdict := coalesce(refusal_of(service, claim.account_id, p_link_key), reorder_refusal(reordered));
  if verdict is null then
    begin
      price := charge_for(p_unit_price, total);
      insert into orders (
        id, account_id, service_id, link, link_key, quantity, runs, interval_minutes,
        total_quantity, type, fields, unit_price, price, charge,
        refill_days, refill_cap, refill_cooldown_seconds, refill_fallback,
        stall_after_seconds, review_after_seconds, scheduled_at, reference, cancelable,
        after_failed_run, verify, counter_url, counter_tolerance_percent, recheck_seconds,
        finishing, next_run_at, metadata, reorder_of
      ) values (
        p_order, claim.account_id, p_service, p_link, p_link_key, p_quantity, p_runs, p_interval,
        total, service.type, p_fields, p_unit_price, price, price,
        service.refill_days, service.refill_cap, service.refill_cooldown_seconds,
        service.refill_fallback, service.stall_after_seconds, service.review_after_seconds,
        p_scheduled_at, p_reference, service.cancel, service.after_failed_run, service.verify,
        service.counter_url, service.counter_tolerance_percent, service.recheck_seconds,
        p_runs = 1, coalesce(p_scheduled_at, case when p_runs > 1 then clock_timestamp() end),
        coalesce(claim.request->'metadata', '{}'), reordered
      ) returning * into placed;
      perform add_event(p_order, 'order.accepted', 'system', clock_timestamp());
      perform take_step(step, jsonb_build_object('amount', price::text));
      if not move_money(step, 'hold', 'wallet:' || claim.account_id, 'escrow:' || p_order, price,
          p_order) then
        raise exception using errcode = 'HF402', message = 'the wallet does not hold the price';
      end if;
      state := close_claim(p_order, 'order');
      return;
    exception when sqlstate 'HF402' then
      -- PostgreSQL has undone everything since this block began; the claim is still open.
      verdict := jsonb_build_object('code', 'insufficient_funds');
      placed := null;
    end;
  end if;
  state := close_claim(p_order, 'refused', verdict);
end $function$;

CREATE OR REPLACE FUNCTION public.add_event(p_order bigint, p_type text, p_actor text, p_at timestamptz, p_data jsonb DEFAULT '{}'::jsonb)
 RETURNS void
 LANGUAGE sql
AS $function$
  select pg_current_xact_id();
  insert into events (order_id, account_id, type, actor, version, data, at)
    select id, account_id, p_type, p_actor, version, p_data, p_at from orders where id = p_order
$function$;

CREATE OR REPLACE FUNCTION public.add_histograms(p_one integer[], p_other integer[])
 RETURNS integer[]
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select coalesce(array_agg(coalesce(a, 0) + coalesce(b, 0) order by i), '{}')
    from unnest(p_one, p_other) with ordinality as t(a, b, i)
$function$;

CREATE OR REPLACE FUNCTION public.add_late_order(p_order bigint, p_batch integer, p_attempt integer, p_provider_order text, p_by text, p_at timestamptz)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  sent  attempts;
  known late_orders;
begin
  -- Calls run one after the other. Lock order, as everywhere: batches before anything else of an
  -- order.
  perform from batches where order_id = p_order and batch = p_batch for update;
  select * into sent from attempts
    where order_id = p_order and batch = p_batch and attempt = p_attempt;
  if not found or not is_decided(sent) then
    return null;
  end if;
  select * into known from late_orders
    where provider_id = sent.provider_id and provider_order = p_provider_order;
  if found then
    if (known.order_id, known.batch, known.attempt) = (p_order, p_batch, p_attempt) then
      return known.id;
    end if;
    raise unique_violation using
      message = format('order %s of the provider belongs to another late order', p_provider_order);
  end if;
  insert into late_orders (order_id, batch, attempt, provider_id, provider_order, found_by)
    values (p_order, p_batch, p_attempt, sent.provider_id, p_provider_order, p_by)
    returning * into known;
  perform add_event(p_order, 'attempt.turned_up', p_by, p_at, jsonb_build_object(
    'batch', p_batch, 'attempt', p_attempt, 'providerOrder', p_provider_order));
  return known.id;
end $function$;

CREATE OR REPLACE FUNCTION public.announce_event()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into webhook_deliveries (event_id, endpoint_id, type, order_id)
    select new.id, w.id, new.type, new.order_id from webhook_endpoints w
      where w.account_id = new.account_id and w.disabled_reason is null
        and (w.events is null or new.type = any (w.events));
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.answered_late(p_order bigint, p_batch integer, p_attempt integer, p_provider_order text, p_at timestamptz)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update attempts set detail = format('answered late: accepted as %s', p_provider_order),
      evidence = coalesce(evidence,
        jsonb_build_object('kind', 'attach', 'providerOrder', p_provider_order))
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'unknown';
  begin
    perform add_late_order(p_order, p_batch, p_attempt, p_provider_order, 'provider', p_at);
  exception when unique_violation then
    -- The provider gave the same id to two orders; the first owner keeps it.
    null;
  end;
end $function$;

CREATE OR REPLACE FUNCTION public.apply_correction(p_id bigint, p_at timestamptz)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  held held_corrections;
  went boolean;
begin
  select * into strict held from held_corrections where id = p_id;
  -- Lock order, as everywhere: batches before everything else of an order. A newer word may have
  -- replaced the correction before the lock was taken.
  perform from batches where order_id = held.order_id and batch = held.batch for update;
  select * into held from held_corrections where id = p_id and state = 'released';
  if not found then
    return false;
  end if;
  went := correct_batch(held.order_id, held.batch, held.status, held.remains, held.charge,
    held.delivered, held.cost, p_at, held.rate_cost);
  update held_corrections set state = 'applied', decided_at = held.decided_at,
      decided_by = held.decided_by
    where id = p_id;
  return went;
end $function$;

CREATE OR REPLACE FUNCTION public.assert_all_ended(p_placed orders, p_delivered bigint, p_ends jsonb)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if (select coalesce(bool_or(b.state <> 'done' and e.batch is null), false)
          or least(coalesce(sum(coalesce(e.delivered, b.delivered)), 0), p_placed.total_quantity)
            <> p_delivered
        from batches b
        left join jsonb_to_recordset(p_ends) as e(batch integer, delivered bigint)
          on e.batch = b.batch
        where b.order_id = p_placed.id) then
    raise exception using errcode = 'HF004', message = format(
      'order %s has open batches, or its batches delivered another number in all', p_placed.id);
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.assert_possible_end(p_placed orders, p_status text, p_delivered bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if (p_status = 'Completed') <> (p_delivered = p_placed.total_quantity)
     or (p_status = 'Canceled') <> (p_delivered = 0)
     or p_status not in ('Completed', 'Partial', 'Canceled')
     or p_delivered not between 0 and p_placed.total_quantity then
    raise exception using errcode = 'HF003', message = format(
      'order %s cannot end %s with %s of %s delivered',
      p_placed.id, p_status, p_delivered, p_placed.total_quantity);
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.attempt_accepted(p_order bigint, p_batch integer, p_attempt integer, p_provider_order text, p_at timestamptz, p_from text, p_sends integer DEFAULT NULL::integer)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  won attempts;
begin
  perform from batches where order_id = p_order and batch = p_batch for update;
  update attempts set state = 'accepted', provider_order = p_provider_order, decided_at = p_at,
      detail = null
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = p_from
      and (p_from <> 'sending' or sends = coalesce(p_sends, sends)) returning * into won;
  if not found then
    if not exists (select from attempts where order_id = p_order and batch = p_batch
        and attempt = p_attempt and state = 'accepted') then
      perform add_event(p_order, 'attempt.late', 'provider', p_at, jsonb_build_object(
        'batch', p_batch, 'attempt', p_attempt, 'providerOrder', p_provider_order));
      perform answered_late(p_order, p_batch, p_attempt, p_provider_order, p_at);
    end if;
    return exists (select from attempts where order_id = p_order and batch = p_batch
      and attempt = p_attempt and state = 'accepted' and provider_order = p_provider_order);
  end if;
  update batches set state = 'running', provider_id = won.provider_id,
      provider_service = won.provider_service, provider_order = p_provider_order,
      cost_rate = won.cost_rate, accepted_at = p_at, progress_at = p_at,
      review_at = p_at + make_interval(
        secs => (select review_after_seconds from orders where id = p_order))
    where order_id = p_order and batch = p_batch;
  update orders set status = 'In progress', started_at = p_at, version = version + 1
    where id = p_order and status in ('Pending', 'Processing');
  if found then
    perform add_event(p_order, 'order.in_progress', 'provider', p_at);
  else
    update orders set version = version + 1 where id = p_order;
  end if;
  if p_from = 'sending' then
    perform provider_works(won.provider_id, p_at);
  end if;
  return true;
end $function$;

CREATE OR REPLACE FUNCTION public.attempt_refused(p_order bigint, p_batch integer, p_attempt integer, p_error text, p_meaning text, p_sends integer, p_at timestamptz, p_pauses integer[], p_same_trouble integer, OUT alerted boolean, OUT meaning text)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
declare
  at    timestamptz := greatest(p_at, clock_timestamp());
  asked integer;
begin
  alerted := false;
  meaning := p_meaning;
  perform from batches where order_id = p_order and batch = p_batch for update;
  if p_meaning in ('trouble', 'funds') and exists (
      select from attempts this join providers p on p.id = this.provider_id
        join attempts before on before.order_id = p_order and before.batch = p_batch
          and before.provider_id = this.provider_id and before.state = 'refused'
          and before.detail = p_meaning and before.decided_at < p.recovered_at
        where this.order_id = p_order and this.batch = p_batch and this.attempt = p_attempt) then
    meaning := 'wait';
  end if;
  update attempts set state = 'refused', error = p_error, detail = meaning,
      decided_at = clock_timestamp()
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'sending'
      and sends = coalesce(p_sends, sends)
    returning provider_id into asked;
  if not found then
    return;
  end if;
  perform add_event(p_order, 'attempt.refused', 'provider', clock_timestamp(),
    jsonb_build_object('batch', p_batch, 'attempt', p_attempt, 'meaning', meaning));
  if p_meaning in ('refused', 'wait') then
    perform provider_answers(asked, at);
  end if;
  if meaning = 'wait' then
    perform batch_waits(p_order, p_batch, at);
  elsif p_pauses is not null then
    alerted := provider_troubled(asked, meaning, p_pauses, p_same_trouble, at,
      case when meaning in ('trouble', 'funds')
        then (select account_id from orders where id = p_order) end);
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.attempt_released(p_order bigint, p_batch integer, p_attempt integer, p_why text, p_given_up boolean)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform from batches where order_id = p_order and batch = p_batch for update;
  update attempts set state = 'released', detail = p_why, decided_at = clock_timestamp()
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'unknown';
  if found then
    update batches set state = case when p_given_up then 'done' else 'waiting' end
      where order_id = p_order and batch = p_batch and state = 'uncertain';
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.attempt_unknown(p_order bigint, p_batch integer, p_attempt integer, p_detail text, p_sends integer, p_at timestamptz, p_break_after integer, p_pauses integer[], p_same_trouble integer)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  sent attempts;
begin
  perform from batches where order_id = p_order and batch = p_batch for update;
  update attempts set state = 'unknown', detail = p_detail, decided_at = clock_timestamp()
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'sending'
      and sends = coalesce(p_sends, sends)
    returning * into sent;
  if not found then
    return false;
  end if;
  update batches set state = 'uncertain' where order_id = p_order and batch = p_batch;
  update orders set attention = 'uncertain', version = version + 1 where id = p_order;
  perform add_event(p_order, 'order.uncertain', 'system', clock_timestamp(),
    jsonb_build_object('batch', p_batch, 'attempt', p_attempt, 'detail', p_detail));
  return p_break_after is not null and provider_unclear(sent.provider_id, sent.sending_at,
    p_break_after, p_pauses, p_same_trouble, greatest(p_at, clock_timestamp()));
end $function$;

CREATE OR REPLACE FUNCTION public.audit_from_ui(p_order bigint, p_note text, p_type text, p_actor text, p_data jsonb)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into audit (actor, action, subject, object, detail, request_id)
    select p_actor, 'Temporal UI: ' || p_type, 'orders/' || p_order, p_order, p_data,
        'order-' || p_order || '/' || p_note
      where p_actor = 'staff (Temporal UI)' or starts_with(p_actor, 'staff (Temporal UI): ')
$function$;

CREATE OR REPLACE FUNCTION public.batch_waits(p_order bigint, p_batch integer, p_at timestamptz)
 RETURNS void
 LANGUAGE sql
AS $function$
  update batches b set review_at = p_at + make_interval(secs => o.review_after_seconds)
    from orders o
    where o.id = b.order_id and b.order_id = p_order and b.batch = p_batch
      and b.state in ('waiting', 'sending') and b.review_at is null
$function$;

CREATE OR REPLACE FUNCTION public.batches_to_refill(p_order bigint, p_number integer)
 RETURNS SETOF batches
 LANGUAGE plpgsql
 STABLE
AS $function$
begin
  if exists (select from refills
      where order_id = p_order and number = p_number and stage = 'ended') then
    raise exception using errcode = 'HF004',
      message = format('refill %s of order %s has ended', p_number, p_order);
  end if;
  return query select b.* from batches b
    where b.order_id = p_order and b.provider_order is not null and b.delivered > 0
      and b.refill is distinct from p_number
      and not exists (select from refill_parts p
        where p.order_id = p_order and p.batch = b.batch and p.refill = p_number);
end $function$;

CREATE OR REPLACE FUNCTION public.begin_attempt(p_order bigint, p_batch integer, p_attempt integer, p_quantity bigint, p_resends integer, p_next_run timestamptz, p_at timestamptz, p_usual_sends integer, p_given_up_after double precision, p_take boolean, OUT attempt attempts, OUT taken boolean)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
declare
  at    timestamptz := greatest(p_at, clock_timestamp());
  takes boolean := p_take and not must_be_counted(p_order, p_batch, p_attempt);
begin
  taken := false;
  if exists (select from batches where order_id = p_order and batch = p_batch
      and (quantity, resends) is distinct from (p_quantity::bigint, p_resends)) then
    raise exception using errcode = 'HF004',
      message = format('batch %s of order %s is stored with another quantity or resends', p_batch, p_order);
  end if;
  -- No run begins before the first attempt of the run before it has an outcome.
  if p_attempt = 1 and p_resends is null and exists (select from batches
      where order_id = p_order and batch > p_batch and resends is null) then
    raise exception using errcode = 'HF004',
      message = format('order %s has begun further runs since batch %s', p_order, p_batch);
  end if;
  perform refuse_stale_intent(p_order, p_batch, p_attempt, at);
  select * into attempt from attempts a
    where a.order_id = p_order and a.batch = p_batch and a.attempt = p_attempt;
  if attempt.state = 'intent' and takes then
    taken := take_attempt(p_order, p_batch, p_attempt, attempt.sends, p_at, p_usual_sends,
      p_given_up_after);
    select * into attempt from attempts a
      where a.order_id = p_order and a.batch = p_batch and a.attempt = p_attempt;
  end if;
  -- A workflow that was reset to before this send would wait for ever for what is not reported again.
  if attempt.state not in ('intent', 'sending') and exists (select from batches b
      left join refills r on r.order_id = b.order_id and r.number = b.refill
      where b.order_id = p_order and b.batch = p_batch
        and (b.acked_version > 0 or r.stage = 'ended')) then
    raise exception using errcode = 'HF004',
      message = format('the workflow of order %s knew more about batch %s', p_order, p_batch);
  end if;
  if attempt.state is not null or (p_batch = 1 and p_attempt = 1 and is_queued(p_order, at)) then
    return;
  end if;
  -- A provider has the batch and the caller does not know: a further attempt would send it twice.
  if exists (select from attempts a
      where a.order_id = p_order and a.batch = p_batch and a.state = 'accepted') then
    raise exception using errcode = 'HF004',
      message = format('a provider has batch %s of order %s', p_batch, p_order);
  end if;
  insert into batches (order_id, batch, quantity, resends)
    values (p_order, p_batch, p_quantity, p_resends) on conflict do nothing;
  if found then
    update orders set next_run_at = p_next_run, version = version + 1
      where id = p_order and settled_at is null and next_run_at is distinct from p_next_run;
  end if;
  attempt := new_attempt(p_order, p_batch, p_attempt, at, p_usual_sends, p_given_up_after, takes);
  taken := takes and attempt.state is not null;
  if attempt.state is null then
    -- There is no route, or another caller wrote the same attempt while this one looked for a route.
    select * into attempt from attempts a
      where a.order_id = p_order and a.batch = p_batch and a.attempt = p_attempt;
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.begin_due_runs(p_order bigint, p_until timestamptz)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  this orders;
  due  timestamptz;
  made integer := runs_begun(p_order);
begin
  select * into this from orders where id = p_order for update;
  -- A request that was decided after the restore was made long before.
  due := case when made > 0 then this.next_run_at else coalesce(this.scheduled_at,
    (select created_at from claims where order_id = p_order)) end;
  if this.paused_at is not null then
    due := greatest(due, (select at from events order by id desc limit 1));
  end if;
  while made < this.runs and due <= p_until loop
    made := made + 1;
    insert into batches (order_id, batch, quantity)
      values (p_order, (select coalesce(max(batch), 0) + 1 from batches where order_id = p_order),
        this.quantity);
    due := due + make_interval(mins => this.interval_minutes);
    this.next_run_at := case when made < this.runs then due end;
  end loop;
  update orders set next_run_at = this.next_run_at, version = version + 1
    where id = p_order and next_run_at is distinct from this.next_run_at;
end $function$;

CREATE OR REPLACE FUNCTION public.best_route(p_order bigint, p_batch integer, p_at timestamptz, p_usual_sends integer, p_given_up_after double precision)
 RETURNS TABLE(provider_id integer, provider_service text, cost_rate bigint, room bigint, choice jsonb)
 LANGUAGE sql
 STABLE
AS $function$
  select r.provider_id, r.provider_service, r.cost_rate,
      room_for_sends(r.provider_id, o.account_id, p_usual_sends, p_given_up_after),
      case s.routing
        when 'cheapest' then jsonb_build_object('routing', s.routing, 'preference', r.preference,
          'routes', count(*) over (partition by r.troubled))
        when 'fastest' then jsonb_build_object('routing', s.routing, 'preference', r.preference,
          'routes', count(*) over (partition by r.troubled), 'ended', f.ended, 'short', f.short,
          'p50Seconds', f.p50_seconds)
      end
    from (
      select l.*, exists (
          select from attempts a where a.order_id = p_order and a.batch = p_batch
            and a.state = 'refused' and a.detail not in ('refused', 'wait')
            and a.provider_id = l.provider_id) as troubled
        from routes_left(p_order, p_batch) l
    ) r join providers p on p.id = r.provider_id
    join orders o on o.id = p_order join services s on s.id = o.service_id
    left join route_places f on s.routing = 'fastest' and f.service_id = s.id
      and f.provider_id = r.provider_id and f.provider_service = r.provider_service
    where (r.paused_until is null or r.paused_until <= p_at)
      and (p.troubles = 0 or not trouble_concerns(p, o.account_id)
        or room_for_sends(r.provider_id, o.account_id, p_usual_sends, p_given_up_after) > 0)
    order by r.troubled, case when s.routing = 'cheapest' then r.cost_rate end, f.place,
      r.preference
    limit 1
$function$;

CREATE OR REPLACE FUNCTION public.book_cost(p_order bigint, p_batch integer, p_cost bigint, p_raw text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_catalog', 'pg_temp'
AS $function$
declare
  step   text := format('order:%s:batch:%s:cost', p_order, p_batch);
  seller integer :=
    (select provider_id from batches where order_id = p_order and batch = p_batch);
begin
  if seller is null or p_cost is null then
    return;
  end if;
  if take_step(step, jsonb_build_object('cost', p_cost::text)) then
    perform move_money(step, 'cost', 'cost:' || seller, 'payable:' || seller, p_cost, p_order,
      p_raw);
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.book_loss(p_late_order bigint, p_status text, p_charge text, p_cost bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_catalog', 'pg_temp'
AS $function$
declare
  late late_orders;
  step text;
begin
  select * into strict late from late_orders where id = p_late_order for update;
  if late.loss is not null then
    return false;
  end if;
  step := format('order:%s:late:%s:loss', late.order_id, late.id);
  perform take_step(step, jsonb_build_object('cost', p_cost::text));
  perform move_money(step, 'loss', 'loss', 'payable:' || late.provider_id, p_cost, late.order_id,
    p_charge);
  update late_orders set provider_status = p_status, provider_charge = p_charge, loss = p_cost,
      booked_at = clock_timestamp(), next_look_at = null
    where id = p_late_order;
  return true;
end $function$;

CREATE OR REPLACE FUNCTION public.book_unpaid(p_order bigint, p_batch integer, p_cost bigint, p_raw text, p_more boolean)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_catalog', 'pg_temp'
AS $function$
declare
  known     batches;
  booked    bigint;
  wanted    bigint;
  series    text := format('order:%s:batch:%s:loss', p_order, p_batch);
  this_step text;
begin
  select * into strict known from batches where order_id = p_order and batch = p_batch;
  select coalesce(sum(case kind when 'cost' then amount else -amount end), 0)
    into booked from transfers
    where order_id = p_order and kind in ('cost', 'rebate')
      and (step || ':') like format('order:%s:batch:%s:cost:%%', p_order, p_batch);
  wanted := greatest(p_cost - booked, 0);
  if not p_more then
    wanted := least(wanted, known.lost);
  end if;
  if wanted is null or wanted = known.lost then
    return;
  end if;
  this_step := format('%s:%s', series, 1 + (select count(*) from transfers
    where order_id = p_order and kind in ('loss', 'recovery') and step like series || ':%'));
  perform take_step(this_step, jsonb_build_object('lost', wanted::text));
  if wanted > known.lost then
    perform move_money(this_step, 'loss', 'loss', 'payable:' || known.provider_id,
      wanted - known.lost, p_order, p_raw);
  else
    perform move_money(this_step, 'recovery', 'payable:' || known.provider_id, 'loss',
      known.lost - wanted, p_order, p_raw);
  end if;
  update batches set lost = wanted where order_id = p_order and batch = p_batch;
end $function$;

CREATE OR REPLACE FUNCTION public.charge_for(p_unit_price bigint, p_delivered bigint)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select p_unit_price * p_delivered
$function$;

CREATE OR REPLACE FUNCTION public.claim_provider_order()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_advisory_xact_lock(
    hashtextextended(new.provider_id || ' ' || new.provider_order, 43));
  if tg_table_name = 'batches' and exists (select from late_orders l
      where l.provider_id = new.provider_id and l.provider_order = new.provider_order)
    or tg_table_name = 'late_orders' and exists (select from batches b
      where b.provider_id = new.provider_id and b.provider_order = new.provider_order) then
    raise unique_violation using message =
      format('order %s of provider %s is known already', new.provider_order, new.provider_id);
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.claim_refusals(p_account integer, p_service integer, p_link_key text, p_price bigint)
 RETURNS text[]
 LANGUAGE sql
 STABLE
AS $function$
  select array_remove(array[
      case when link_taken(p_service, p_link_key, p_account) then 'duplicate_link' end,
      case when coalesce((select balance from wallets where account_id = p_account), 0) < p_price
        then 'insufficient_funds' end], null)
$function$;

CREATE OR REPLACE FUNCTION public.close_claim(p_order bigint, p_state text, p_refusal jsonb DEFAULT NULL::jsonb)
 RETURNS text
 LANGUAGE sql
AS $function$
  update claims set state = p_state, refusal = p_refusal, decided_at = clock_timestamp(),
      idempotency_key = case when p_state <> 'withdrawn' then idempotency_key end
    where order_id = p_order and state = 'open';
  select state from claims where order_id = p_order
$function$;

CREATE OR REPLACE FUNCTION public.compact_batches(p_orders bigint[], p_order bigint, p_batch integer, p_batches integer, p_points integer, OUT order_id bigint, OUT batch integer, OUT changed bigint)
 RETURNS record
 LANGUAGE sql
AS $function$
  with next as (
    select n.order_id, n.batch from next_batches(p_orders, p_order, p_batch, p_batches) n
  ), points as (
    select s.order_id, s.batch, s.at,
           row_number() over (partition by s.order_id, s.batch order by s.at) as n,
           count(*) over (partition by s.order_id, s.batch) as points
      from next join delivery_samples s on s.order_id = next.order_id and s.batch = next.batch
  ), thinned as (
    delete from delivery_samples s using points p
      where s.order_id = p.order_id and s.batch = p.batch and s.at = p.at
        and not is_kept_point(p.n, p.points, p_points)
      returning s.batch
  ), forgotten as (
    update attempts a set error = null, candidates = '[]',
        detail = case when a.state = 'refused' then a.detail end
      from next where a.order_id = next.order_id and a.batch = next.batch
        and (a.error is not null or a.candidates <> '[]'
          or (a.state <> 'refused' and a.detail is not null))
      returning a.batch
  ), last as (
    select l.order_id, l.batch from next l order by l.order_id desc, l.batch desc limit 1
  )
  select last.order_id, last.batch,
         (select count(*) from thinned) + (select count(*) from forgotten)
    from (values (true)) as one left join last on true
$function$;

CREATE OR REPLACE FUNCTION public.correct_batch(p_order bigint, p_batch integer, p_status text, p_remains bigint, p_charge text, p_delivered bigint, p_cost bigint, p_at timestamptz, p_rate_cost bigint DEFAULT NULL::bigint, p_most integer DEFAULT NULL::integer, p_minutes integer DEFAULT NULL::integer)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  known  batches;
  placed orders;
  total  bigint;
begin
  -- Lock order, as everywhere: the batch before its order. Another word about the same order waits
  -- for the order's lock, and then sees this word.
  select * into strict known from batches
    where order_id = p_order and batch = p_batch for update;
  select * into strict placed from orders where id = p_order for update;
  if placed.settled_at is null or known.state <> 'done' or known.provider_order is null then
    raise exception using errcode = 'HF003',
      message = format('batch %s of order %s has not been settled', p_batch, p_order);
  end if;
  update batches set provider_status = p_status, remains = p_remains, provider_charge = p_charge,
      -- A repeated word keeps the time of the first.
      terminal_at = case
        when (provider_status, remains, provider_charge)
          is distinct from (p_status, p_remains, p_charge) then p_at
        else coalesce(terminal_at, p_at) end
    where order_id = p_order and batch = p_batch;
  if p_delivered is null then
    return false;
  end if;
  total := supported_total(p_order, p_batch, p_delivered);
  if p_most is not null and total < placed.delivered
      and is_held_back(known.provider_id, p_at, p_most, p_minutes) then
    perform hold_correction(known, p_status, p_remains, p_charge, p_delivered, p_cost,
      p_rate_cost, placed.charge - charge_for(placed.unit_price, total), p_at);
    return false;
  end if;
  -- A correction of this batch that is still held is older than this word.
  update held_corrections set state = 'withdrawn', decided_at = null, decided_by = null
    where order_id = p_order and batch = p_batch and state in ('held', 'released');
  update batches set supported = least(supported, p_delivered),
      delivered = least(supported, p_delivered)
    where order_id = p_order and batch = p_batch;
  perform rebate_cost(p_order, p_batch, p_cost, p_charge);
  perform book_unpaid(p_order, p_batch, coalesce(p_cost, p_rate_cost), p_charge,
    p_delivered > coalesce(known.supported, known.delivered)
      and (placed.refunded > 0 or was_sent_again(p_order, p_batch)));
  if p_delivered >= coalesce(known.supported, known.quantity) then
    return false;
  end if;
  return correct_order(p_order, total, p_at);
end $function$;

CREATE OR REPLACE FUNCTION public.correct_order(p_order bigint, p_delivered bigint, p_at timestamptz, p_by text DEFAULT 'provider'::text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_catalog', 'pg_temp'
AS $function$
declare
  placed orders;
  step   text;
  became text := case when p_delivered = 0 then 'Canceled' else 'Partial' end;
  amount bigint;
begin
  select * into strict placed from orders where id = p_order for update;
  if placed.settled_at is null then
    raise exception using errcode = 'HF003',
      message = format('order %s has not been settled', p_order);
  end if;
  if p_delivered < 0 then
    raise exception using errcode = 'HF003', message = 'delivered cannot be negative';
  end if;
  if p_delivered >= placed.delivered then
    return false;
  end if;
  step := format('order:%s:correct:%s', p_order, placed.corrections + 1);
  if not take_step(step, jsonb_build_object('status', became, 'delivered', p_delivered)) then
    raise exception using errcode = 'HF003',
      message = format('the step %s is taken, but order %s has no such correction', step, p_order);
  end if;
  amount := placed.charge - charge_for(placed.unit_price, p_delivered);
  update orders set status = became, reason = coalesce(reason, 'unknown'),
      delivered = p_delivered, charge = charge - amount, refunded = refunded + amount,
      corrections = corrections + 1, version = version + 1
    where id = p_order;
  perform add_event(p_order, 'order.corrected', p_by, p_at, jsonb_build_object(
    'from', placed.status, 'to', became, 'delivered', p_delivered,
    'amount', trim_scale(amount / 100000000.0)::text));
  perform move_money(step, 'correction', 'revenue', 'wallet:' || placed.account_id, amount,
    p_order);
  return true;
end $function$;

CREATE OR REPLACE FUNCTION public.count_confirmation(p_account integer, p_email text, p_of_address integer, p_of_account integer)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.count_day(p_day date, p_at timestamptz)
 RETURNS void
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
AS $function$
declare
  begins timestamptz := p_day::timestamp at time zone 'UTC';
  ends   timestamptz := (p_day + 1)::timestamp at time zone 'UTC';
begin
  -- One count of a day at a time.
  insert into counted_days (day, counted_at) values (p_day, p_at)
    on conflict (day) do update set counted_at = excluded.counted_at;
  delete from order_days where day = p_day;
  insert into order_days (day, part, subject, completed, partial, canceled, refills, starts, ends)
    with ended as (
      select o.service_id, provider_of(o.id) as provider, o.status, 0 as refills,
          extract(epoch from o.started_at - greatest(o.scheduled_at, o.created_at))::float8
            as to_start,
          case when o.status = 'Completed' and o.runs = 1 then extract(epoch from
            o.settled_at - greatest(o.scheduled_at, o.created_at))::float8 end as to_end
        from services s
        join orders o on o.service_id = s.id and o.settled_at >= begins and o.settled_at < ends
      union all
      select o.service_id, provider_of(o.id), null, 1, null, null
        from refills r join orders o on o.id = r.order_id
        where r.requested_at >= begins and r.requested_at < ends
    )
    select p_day, of.part, of.subject,
        count(*) filter (where e.status = 'Completed'), count(*) filter (where e.status = 'Partial'),
        count(*) filter (where e.status = 'Canceled'), sum(e.refills),
        histogram(array_agg(e.to_start) filter (where e.to_start is not null)),
        histogram(array_agg(e.to_end) filter (where e.to_end is not null))
      from ended e cross join lateral (values
        ('service', e.service_id), ('provider', e.provider)) as of(part, subject)
      where of.subject is not null
      group by of.part, of.subject;
end $function$;

CREATE OR REPLACE FUNCTION public.count_money(p_most integer)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  after bigint;
  upto  bigint;
  went  integer;
begin
  select transfers_to into strict after from money_days_cursor for update;
  select count(*), max(n.id) into went, upto from (
    select t.id from transfers t, ledger_proof l
      where t.id > after and t.id <= l.proved_to order by t.id limit p_most) n;
  if went = 0 then
    return 0;
  end if;
  insert into money_days as had (day, part, subject, revenue, cost, loss)
    with moved as (
      select (t.at at time zone 'UTC')::date as day, o.id as order_id, o.service_id, o.account_id,
          case when t.kind in ('cost', 'rebate', 'loss', 'recovery') then
            substring(concat(t.debit, ' ', t.credit) from '(?:cost|payable):([0-9]+)')::integer
            end as provider,
          case t.kind when 'charge' then t.amount when 'correction' then -t.amount else 0 end
            as revenue,
          case t.kind when 'cost' then t.amount when 'rebate' then -t.amount else 0 end as cost,
          case t.kind when 'loss' then t.amount when 'recovery' then -t.amount else 0 end as loss
        from transfers t join orders o on o.id = t.order_id
        where t.id > after and t.id <= upto
          and t.kind in ('charge', 'correction', 'cost', 'rebate', 'loss', 'recovery')
    )
    select m.day, of.part, of.subject, sum(m.revenue), sum(m.cost), sum(m.loss)
      from moved m cross join lateral (values
        ('service', m.service_id), ('account', m.account_id),
        ('provider', coalesce(m.provider, provider_of(m.order_id), 0))) as of(part, subject)
      group by 1, 2, 3 order by 1, 2, 3
    on conflict (part, day, subject) do update set revenue = had.revenue + excluded.revenue,
      cost = had.cost + excluded.cost, loss = had.loss + excluded.loss;
  update money_days_cursor set transfers_to = upto;
  return went;
end $function$;

CREATE OR REPLACE FUNCTION public.count_test(p_endpoint integer, p_most integer)
 RETURNS boolean
 LANGUAGE sql
AS $function$
  update webhook_endpoints w set
      tests = case when w.tests_since > clock_timestamp() - interval '1 minute'
        then w.tests + 1 else 1 end,
      tests_since = case when w.tests_since > clock_timestamp() - interval '1 minute'
        then w.tests_since else clock_timestamp() end
    where w.id = p_endpoint and (w.tests < p_most or w.tests_since is null
      or w.tests_since <= clock_timestamp() - interval '1 minute')
    returning true
$function$;

CREATE OR REPLACE FUNCTION public.days_to_count(p_at timestamptz, p_days integer, p_hours integer)
 RETURNS SETOF date
 LANGUAGE sql
 STABLE
AS $function$
  select d::date
    from generate_series((p_at at time zone 'UTC')::date - (p_days - 1),
        (p_at at time zone 'UTC')::date, interval '1 day') d
    left join counted_days c on c.day = d::date
    where c.counted_at is null
      or (c.counted_at < ((d::date + 1)::timestamp at time zone 'UTC')
            + make_interval(hours => p_hours + 1)
        and c.counted_at <= p_at - case
          when d::date >= (p_at at time zone 'UTC')::date - 1 then interval '10 minutes'
          else interval '6 hours' end)
    order by d
$function$;

CREATE OR REPLACE FUNCTION public.debit(p_account integer, p_amount bigint, p_reference text)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_catalog', 'pg_temp'
AS $function$
declare
  this_step text := format('debit:%s:%s', p_account, p_reference);
begin
  if p_amount <= 0 then
    raise exception using errcode = 'HF003', message = 'a debit must be positive';
  end if;
  if take_step(this_step, jsonb_build_object('amount', p_amount::text)) then
    if not move_money(this_step, 'debit', 'wallet:' || p_account, 'external', p_amount, null,
        p_reference) then
      raise exception using errcode = 'HF005',
        message = format('wallet %s holds less than the debit', p_account);
    end if;
  end if;
  return (select wallet_balance from transfers where step = this_step);
end $function$;

CREATE OR REPLACE FUNCTION public.decide_held_corrections(p_provider integer, p_orders bigint[], p_state text, p_by text, p_reason text, OUT corrections bigint, OUT amount numeric)
 RETURNS record
 LANGUAGE sql
AS $function$
  insert into take_back_decisions (provider_id, at) values (p_provider, clock_timestamp())
    on conflict (provider_id) do update set at = excluded.at;
  with decided as (
    update held_corrections set state = p_state, decided_at = clock_timestamp(), decided_by = p_by,
        reason = nullif(p_reason, '')
      where provider_id = p_provider and state = 'held'
        and (p_orders is null or order_id = any (p_orders))
      returning held_corrections.amount
  )
  select count(*), coalesce(sum(amount), 0) from decided
$function$;

CREATE OR REPLACE FUNCTION public.delivered_after(b batches, p_status text, p_remains bigint, p_terminal boolean, p_clean boolean)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case
    when p_remains between 1 and b.quantity then greatest(b.delivered, b.quantity - p_remains)
    when p_clean or (p_remains <= 0 and case when p_terminal then p_status = 'Partial'
        else b.delivered > 0 or (b.counts_down and p_status in ('In progress', 'Paused')) end)
      then b.quantity
    else b.delivered end
$function$;

CREATE OR REPLACE FUNCTION public.deposit(p_account integer, p_amount bigint, p_reference text)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_catalog', 'pg_temp'
AS $function$
declare
  this_step text := format('deposit:%s:%s', p_account, p_reference);
begin
  if p_amount <= 0 then
    raise exception using errcode = 'HF003', message = 'a deposit must be positive';
  end if;
  if take_step(this_step, jsonb_build_object('amount', p_amount::text)) then
    insert into wallets (account_id) values (p_account) on conflict do nothing;
    perform move_money(this_step, 'deposit', 'external', 'wallet:' || p_account, p_amount, null,
      p_reference);
  end if;
  return (select wallet_balance from transfers where step = this_step);
end $function$;

CREATE OR REPLACE FUNCTION public.disable_endpoint(p_endpoint integer, p_reason text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update webhook_endpoints set disabled_reason = p_reason
    where id = p_endpoint and (disabled_reason is null or p_reason = 'deleted');
  update webhook_deliveries set state = 'stopped', next_attempt_at = null
    where endpoint_id = p_endpoint and state in ('pending', 'retrying');
  -- The alert about a failing endpoint stays open until a person has dealt with it.
  if p_reason <> 'failing' then
    perform webhook_works(p_endpoint);
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.doubt_refills()
 RETURNS TABLE(order_id bigint, number integer)
 LANGUAGE plpgsql
AS $function$
declare
  this record;
begin
  update refills r set open_calls = greatest(r.open_calls, 1) where r.stage = 'asking';
  for this in
    select r.order_id, r.number from refills r join orders o on o.id = r.order_id
      where (o.refill_fallback = 'resend'
          and (r.stage in ('asking', 'tracked') or (r.stage <> 'ended' and r.before = 'tracked')))
        or (r.stage = 'resending' and not exists (select from batches b
          where b.order_id = r.order_id and b.refill = r.number and b.state <> 'done'))
      order by r.order_id, r.number
  loop
    update refills r set stage = 'review', before = null
      where r.order_id = this.order_id and r.number = this.number;
    update orders o set version = version + 1,
        attention = case o.attention when 'none' then 'review' else o.attention end
      where o.id = this.order_id;
    perform add_event(this.order_id, 'order.review', 'system', clock_timestamp(),
      jsonb_build_object('refill', this.number, 'why', restored_why()));
    order_id := this.order_id;
    number := this.number;
    return next;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.doubt_sends(p_until timestamptz)
 RETURNS TABLE(order_id bigint, batch integer, provider_id integer)
 LANGUAGE plpgsql
AS $function$
declare
  this   record;
  number integer;
  asked  attempts;
begin
  -- Runs that were due: the first batch of an order, and the next ones of a drip-feed.
  for this in
    select o.id from orders o
      where o.settled_at is null and o.canceled_by is null and not (o.finishing and o.runs > 1)
        and runs_begun(o.id) < o.runs
      order by o.id
  loop
    perform begin_due_runs(this.id, p_until);
  end loop;
  -- Missing parts that were to be sent again.
  insert into batches (order_id, batch, quantity, resends)
    select o.id,
        (select max(b.batch) from batches b where b.order_id = o.id)
          + row_number() over (partition by o.id order by p.batch),
        p.missing, p.batch
      from orders o cross join lateral owed_parts(o.id) p
      where o.settled_at is null and o.canceled_by is null;
  -- Every batch that no provider is known to have.
  for this in
    select b.order_id, b.batch from batches b
      where b.state in ('waiting', 'sending') and may_be_sent(b.order_id, b.batch)
      order by b.order_id, b.batch
  loop
    select coalesce(max(a.attempt), 0) into number from attempts a
      where a.order_id = this.order_id and a.batch = this.batch;
    select * into asked from attempts a where a.order_id = this.order_id and a.batch = this.batch
      and a.attempt = number and a.state in ('intent', 'sending');
    if asked.state is null then
      number := number + 1;
      insert into attempts (order_id, batch, attempt, provider_id, provider_service, cost_rate)
        select this.order_id, this.batch, number, r.provider_id, r.provider_service, r.cost_rate
          from routes_left(this.order_id, this.batch) r order by r.preference limit 1
        returning * into asked;
      -- No provider takes it, so none was sent it.
      continue when asked.state is null;
    end if;
    update attempts a set state = 'sending', sending_at = coalesce(sending_at, p_until)
      where a.order_id = this.order_id and a.batch = this.batch and a.attempt = number;
    perform sending_begins(this.order_id, this.batch);
    perform attempt_unknown(this.order_id, this.batch, number, restored_why(), null,
      clock_timestamp(), null, null, null);
    order_id := this.order_id;
    batch := this.batch;
    provider_id := asked.provider_id;
    return next;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.end_batch(p_order bigint, p_batch integer, p_delivered bigint)
 RETURNS void
 LANGUAGE sql
AS $function$
  update batches set state = 'done', delivered = p_delivered, acked_version = report_version,
      supported = case when provider_order is not null then p_delivered end
    where order_id = p_order and batch = p_batch and state <> 'done';
  update orders set version = version + 1 where id = p_order
$function$;

CREATE OR REPLACE FUNCTION public.end_batches(p_order bigint, p_ends jsonb, p_at timestamptz)
 RETURNS void
 LANGUAGE sql
AS $function$
  with ending as (
    select b.batch, b.state <> 'done' or e.batch is not null as ends, e.delivered,
        -- A person settled the order while this batch still ran: it keeps its last number.
        e.batch is null and b.state = 'running' and b.terminal_at is null
          and lacks_clear_stop(b) as must_stop
      from batches b
      left join jsonb_to_recordset(p_ends) as e(batch integer, delivered bigint)
        on e.batch = b.batch
      where b.order_id = p_order
  )
  update batches b set state = 'done', delivered = coalesce(e.delivered, b.delivered),
      acked_version = case when e.ends then b.report_version else b.acked_version end,
      supported = case when e.delivered is null then b.supported
        when b.provider_order is not null then e.delivered end,
      stop_wanted_at = case when e.must_stop then p_at else b.stop_wanted_at end,
      next_look_at = case when b.provider_order is not null then p_at else b.next_look_at end
    from ending e
    where b.order_id = p_order and b.batch = e.batch
      and (e.ends or b.provider_order is not null)
$function$;

CREATE OR REPLACE FUNCTION public.end_decisions()
 RETURNS SETOF bigint
 LANGUAGE sql
AS $function$
  update bulk_resolution_orders w
    set status = 'canceled', message = restored_why(), ended_at = clock_timestamp()
    from bulk_resolutions b
    where b.id = w.bulk_id and b.ended_at is null and w.status = 'waiting';
  update bulk_resolutions set ended_at = clock_timestamp() where ended_at is null returning id
$function$;

CREATE OR REPLACE FUNCTION public.end_order(p_order bigint, p_status text, p_delivered bigint, p_reason text, p_actor text, p_at timestamptz, p_ends jsonb, p_costs jsonb, p_decided boolean)
 RETURNS TABLE(fresh boolean, completed_at timestamptz, refill_days integer, last_batch integer, next_in_line bigint)
 LANGUAGE plpgsql
AS $function$
begin
  p_costs := coalesce(p_costs, plain_costs(p_order));
  if p_costs is null then
    return;
  end if;
  fresh := settle_order(p_order, p_status, p_delivered, p_reason, p_actor, p_at, p_ends, p_costs,
    p_decided);
  return query
    select fresh, o.completed_at, o.refill_days,
        (select coalesce(max(b.batch), 0) from batches b where b.order_id = p_order),
        next_in_line(p_order, p_at)
      from orders o where o.id = p_order;
end $function$;

CREATE OR REPLACE FUNCTION public.end_refill(p_order bigint, p_number integer, p_outcome text, p_why text, p_by text, p_at timestamptz, p_costs jsonb)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  -- Lock order, as everywhere: batches before their order.
  perform from batches where order_id = p_order and refill = p_number order by batch for update;
  perform from orders where id = p_order for update;
  update refills set stage = 'ended', before = null, outcome = p_outcome,
      why = nullif(p_why, ''), ended_at = p_at
    where order_id = p_order and number = p_number and stage <> 'ended';
  if not found then
    return;
  end if;
  -- If the order of an unknown attempt turns up later, its cost is a loss.
  update attempts a set state = 'released', detail = 'given up', decided_at = p_at
    from batches b
    where b.order_id = p_order and b.refill = p_number
      and a.order_id = p_order and a.batch = b.batch and a.state = 'unknown';
  update batches set state = 'done', acked_version = report_version,
      stop_wanted_at = case when state = 'running' and terminal_at is null
        and lacks_clear_stop(batches) then p_at end
    where order_id = p_order and refill = p_number and state <> 'done';
  -- The refill no longer waits for its unfinished parts.
  update refill_parts set state = 'left'
    where order_id = p_order and refill = p_number and state = 'asked';
  update orders set attention = 'none', version = version + 1 where id = p_order;
  perform book_cost(p_order, batch, cost, raw)
    from jsonb_to_recordset(p_costs) as c(batch integer, cost bigint, raw text);
  perform add_event(p_order, 'refill.' || lower(p_outcome), p_by, p_at,
    jsonb_strip_nulls(jsonb_build_object('refill', p_number, 'why', nullif(p_why, ''))));
end $function$;

CREATE OR REPLACE FUNCTION public.end_resends()
 RETURNS SETOF bigint
 LANGUAGE sql
AS $function$
  with open as (
    select distinct b.order_id as id from batches b join orders o on o.id = b.order_id
      where b.state <> 'done' and o.settled_at is null and o.canceled_by is null
        and (b.resend or (o.after_failed_run = 'retry' and o.runs > 1))
  ), batches_ended as (
    update batches set resend = false
      from open where order_id = open.id and state <> 'done' and resend
  )
  update orders o
    set after_failed_run = case o.after_failed_run when 'retry' then 'continue'
          else o.after_failed_run end,
        version = version + 1
    from open where o.id = open.id returning o.id
$function$;

CREATE OR REPLACE FUNCTION public.escrow_of(p_order bigint)
 RETURNS bigint
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(sum(case
      when credit = 'escrow:' || p_order then amount
      when debit = 'escrow:' || p_order then -amount end), 0)::bigint
    from transfers where order_id = p_order
$function$;

CREATE OR REPLACE FUNCTION public.finish_compaction(p_orders bigint[], p_days integer)
 RETURNS bigint
 LANGUAGE sql
AS $function$
  -- Lock order: two runs that overlap take the claims in the same order.
  with held as (
    select order_id from claims where order_id = any (p_orders) and state = 'order'
      order by order_id for update
  )
  update claims c set request = null, idempotency_key = case
      when c.created_at >= clock_timestamp() - make_interval(days => p_days)
        then c.idempotency_key end
    from held where c.order_id = held.order_id and c.request is not null;
  with marked as (
    update orders set compacted_at = clock_timestamp()
      where id = any (p_orders) and compacted_at is null returning id
  )
  select count(*) from marked
$function$;

CREATE OR REPLACE FUNCTION public.finish_runs(p_order bigint)
 RETURNS void
 LANGUAGE sql
AS $function$
  select from batches where order_id = p_order and state <> 'done' order by batch for update;
  update orders set finishing = true, next_run_at = null, version = version + 1 where id = p_order
$function$;

CREATE OR REPLACE FUNCTION public.forget_mass_lines(p_mass bigint)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  list mass_placements;
  gone integer;
begin
  select * into list from mass_placements
    where id = p_mass and ended_at is not null and placed is null for update;
  if not found then
    return 0;
  end if;
  update mass_placements m set placed = l.placed, refused = l.refused, canceled = l.canceled,
      idempotency_key = null
    from (select count(*) filter (where status = 'placed') as placed,
                 count(*) filter (where status = 'refused') as refused,
                 count(*) filter (where status = 'canceled') as canceled
            from mass_lines where mass_id = p_mass) l
    where m.id = p_mass;
  delete from stored_answers where account_id = list.account_id
    and idempotency_key = list.idempotency_key and route = 'POST /v1/orders/batch';
  delete from mass_lines where mass_id = p_mass;
  get diagnostics gone = row_count;
  return gone;
end $function$;

CREATE OR REPLACE FUNCTION public.has_room(p_provider integer, p_account integer, p_at timestamptz, p_usual_sends integer, p_given_up_after double precision)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_advisory_xact_lock(hashtextextended(p_provider::text, 44));
  return not exists (select from providers p
      where id = p_provider and paused_until > p_at and trouble_concerns(p, p_account))
    and room_for_sends(p_provider, p_account, p_usual_sends, p_given_up_after) > 0;
end $function$;

CREATE OR REPLACE FUNCTION public.has_words_to_judge(p_provider integer, p_at timestamptz, p_hours integer)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (select from held_corrections where provider_id = p_provider and state = 'held')
    or exists (select from batches where provider_id = p_provider and lost > 0
      and terminal_at > p_at - make_interval(hours => p_hours))
    or exists (select from alerts
      where kind in ('provider_takes_back', 'delivered_after_refund')
        and subject = 'provider:' || p_provider and resolved_at is null)
$function$;

CREATE OR REPLACE FUNCTION public.histogram(p_durations double precision[])
 RETURNS integer[]
 LANGUAGE sql
 IMMUTABLE
AS $function$
  with counted as (
    select case when d < 1 then 0 else least(1 + floor(log(2, d::numeric) * 3), 71) end as bucket,
        count(*)::integer as n
      from unnest(p_durations) d group by 1
  )
  select coalesce(array_agg(coalesce(n, 0) order by b), '{}')
    from generate_series(0, (select max(bucket)::integer from counted)) b
    left join counted on bucket = b
$function$;

CREATE OR REPLACE FUNCTION public.hold_correction(p_of batches, p_status text, p_remains bigint, p_charge text, p_delivered bigint, p_cost bigint, p_rate_cost bigint, p_amount bigint, p_at timestamptz)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into held_corrections (order_id, batch, provider_id, status, remains, charge, delivered,
      cost, rate_cost, amount, held_at, said_at)
    values (p_of.order_id, p_of.batch, p_of.provider_id, p_status, p_remains, p_charge, p_delivered,
      p_cost, p_rate_cost, p_amount, p_at, p_at)
    on conflict (order_id, batch) where state in ('held', 'released') do update
      set state = 'held', decided_at = null, decided_by = null, reason = null,
          status = excluded.status, remains = excluded.remains, charge = excluded.charge,
          delivered = excluded.delivered, cost = excluded.cost, rate_cost = excluded.rate_cost,
          amount = excluded.amount, said_at = excluded.said_at
$function$;

CREATE OR REPLACE FUNCTION public.holds_link(p_order bigint, p_of integer, p_paused_at timestamptz, p_due_at timestamptz, p_account integer, p_scope text, p_at timestamptz)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select p_of = p_account or (p_scope = 'all' and p_paused_at is null
    and (p_due_at <= p_at or exists (select from batches where order_id = p_order)))
$function$;

CREATE OR REPLACE FUNCTION public.is_announced(p_type text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select p_type in ('order.accepted', 'order.in_progress', 'order.stalled', 'order.review',
    'order.completed', 'order.partial', 'order.canceled', 'order.corrected',
    'refill.requested', 'refill.in_progress', 'refill.completed', 'refill.rejected')
$function$;

CREATE OR REPLACE FUNCTION public.is_decided(p_attempt attempts)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select p_attempt.state in ('released', 'refused')
    or (p_attempt.state = 'unknown' and not may_be_sent(p_attempt.order_id, p_attempt.batch))
$function$;

CREATE OR REPLACE FUNCTION public.is_followed(refills)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select $1.stage = 'tracked' or coalesce($1.before = 'tracked', false)
$function$;

CREATE OR REPLACE FUNCTION public.is_held_back(p_provider integer, p_at timestamptz, p_most integer, p_minutes integer)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
begin
  -- Corrections of a provider run one after the other, so that the next one counts the one before.
  perform pg_advisory_xact_lock(hashtextextended('takes back ' || p_provider, 44));
  return exists (select from held_corrections where provider_id = p_provider and state = 'held')
    or (select orders > p_most and 2 * short > words
          from recent_last_words(p_provider, p_at, p_minutes));
end $function$;

CREATE OR REPLACE FUNCTION public.is_kept_point(p_n bigint, p_points bigint, p_most integer)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select p_points <= p_most or p_n = 1
    or (p_n - 1) * (p_most - 1) / (p_points - 1) > (p_n - 2) * (p_most - 1) / (p_points - 1)
$function$;

CREATE OR REPLACE FUNCTION public.is_queued(p_order bigint, p_at timestamptz)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.judge_last_words(p_provider integer, p_at timestamptz, p_most integer, p_minutes integer, p_hours integer)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  subject text := 'provider:' || p_provider;
  recent  record;
  held    record;
  unpaid  record;
  detail  text;
begin
  select * into recent from recent_last_words(p_provider, p_at, p_minutes);
  select count(*) as corrections, sum(amount) as amount into held
    from held_corrections where provider_id = p_provider and state = 'held';
  if recent.orders > p_most and 2 * recent.short > recent.words then
    detail := format('%s of its %s last words within %s minutes are Canceled or Partial',
      recent.short, recent.words, p_minutes);
  end if;
  if held.corrections > 0 then
    detail := concat_ws('; ', detail, format(
      '%s corrections that give back %s are held: release or drop them',
      held.corrections, trim_scale(held.amount / 100000000.0)));
  end if;
  if detail is not null then
    perform raise_alert('provider_takes_back', subject, detail, p_at);
  else
    perform resolve_alert('provider_takes_back', subject, p_at);
  end if;
  select count(*) as batches, sum(lost) as amount, min(order_id) as first into unpaid from batches
    where provider_id = p_provider and lost > 0
      and terminal_at > p_at - make_interval(hours => p_hours);
  if unpaid.batches > 0 then
    perform raise_alert('delivered_after_refund', subject, format(
      'it delivered more of %s after the refund or resend, at our cost of %s; the first is of order %s',
      case unpaid.batches when 1 then '1 batch' else unpaid.batches || ' batches' end,
      trim_scale(unpaid.amount / 100000000.0), unpaid.first), p_at);
  else
    perform resolve_alert('delivered_after_refund', subject, p_at);
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.keep_drift(p_part text, p_items text[], p_drift jsonb)
 RETURNS void
 LANGUAGE sql
AS $function$
  delete from ledger_drift d
    where part = p_part and item = any (p_items) and not exists (
      select from jsonb_to_recordset(p_drift)
          as f(part text, item text, "check" text, subject text, detail text)
        where (f.part, f.item, f."check", f.subject, f.detail)
          = (d.part, d.item, d.check_name, d.subject, d.detail));
  insert into ledger_drift (part, item, check_name, subject, detail)
    select f.part, f.item, f."check", f.subject, f.detail
      from jsonb_to_recordset(p_drift)
        as f(part text, item text, "check" text, subject text, detail text)
      where f.part = p_part
      limit greatest(0, 10000 - (select count(*) from ledger_drift))
    on conflict do nothing
$function$;

CREATE OR REPLACE FUNCTION public.lacks_clear_stop(batches)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select $1.stop_answer is null or $1.stop_answer = 'unclear'
$function$;

CREATE OR REPLACE FUNCTION public.ledger_ends(p_series text, OUT first bigint, OUT last bigint)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
AS $function$
begin
  case p_series
    when 'transfers', 'deposits' then
      select min(id), max(id) into first, last from transfers;
    when 'orders' then
      select min(id), max(id) into first, last from orders;
    when 'open orders' then
      select min(id), max(id) into first, last from orders where settled_at is null;
    when 'wallets' then
      select min(account_id), max(account_id) into first, last from wallets;
    when 'claims' then
      select min(order_id), max(order_id) into first, last from claims;
  end case;
end $function$;

CREATE OR REPLACE FUNCTION public.ledger_items(p_series text, p_after text, p_most integer)
 RETURNS text[]
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  least_id bigint := case when p_series <> 'deposits' then coalesce(p_after::bigint, 0) end;
begin
  return case p_series
    when 'transfers' then array(
      select id from transfers where id > least_id order by id limit p_most)::text[]
    when 'orders' then array(
      select id from orders where id > least_id order by id limit p_most)::text[]
    when 'open orders' then array(
      select id from orders where settled_at is null and id > least_id
        order by id limit p_most)::text[]
    when 'wallets' then array(
      select account_id from wallets where account_id > least_id
        order by account_id limit p_most)::text[]
    when 'claims' then array(
      select order_id from claims where order_id > least_id order by order_id limit p_most)::text[]
    when 'deposits' then array(
      select key from money_steps
        where (key like 'deposit:%' or key like 'debit:%') and key > coalesce(p_after, '')
        order by key limit p_most)
  end;
end $function$;

CREATE OR REPLACE FUNCTION public.link_hash(p_link_key text)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE STRICT
AS $function$
  select hashtextextended(p_link_key, 42)
$function$;

CREATE OR REPLACE FUNCTION public.link_taken(p_service integer, p_link_key text, p_account integer)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (
    select from services s cross join lateral open_orders_of_link(s.id, p_link_key) o
      where s.id = p_service and s.duplicate_link = 'reject'
        and holds_link(o.id, o.account_id, o.paused_at, o.due_at, p_account, s.duplicate_scope,
          clock_timestamp()))
$function$;

CREATE OR REPLACE FUNCTION public.lock_news(p_reports jsonb, OUT orders bigint[], OUT batches integer[])
 RETURNS record
 LANGUAGE sql
AS $function$
  with held as (
    select b.order_id, b.batch
      from batches b
      join jsonb_to_recordset(p_reports) as r(o bigint, b integer, status text, remains bigint,
          start bigint, charge text)
        on b.order_id = r.o and b.batch = r.b
      where (b.provider_status, b.remains, b.start_count, b.provider_charge) is distinct from
          (r.status, r.remains, start_after(b.start_count, r.start, b.delivered > 0), r.charge)
        or b.report_version > 0
      order by b.order_id, b.batch for update of b
  )
  select array_agg(order_id), array_agg(batch) from held
$function$;

CREATE OR REPLACE FUNCTION public.looked_at(p_looks jsonb, p_at timestamptz, p_hours integer)
 RETURNS void
 LANGUAGE sql
AS $function$
  with clock as (
    select b.order_id, b.batch, l.heard, make_interval(secs => p.poll_seconds) as poll,
           greatest(p_at - o.settled_at, '0') as age, make_interval(hours => p_hours) as watched,
           o.settled_at
      from jsonb_to_recordset(p_looks) as l(o bigint, b integer, heard boolean)
      join batches b on b.order_id = l.o and b.batch = l.b
      join orders o on o.id = b.order_id join providers p on p.id = b.provider_id
      order by b.order_id, b.batch for update of b
  )
  update batches b set next_look_at = case
      when c.age >= c.watched and (c.heard or c.age >= c.watched * 9 / 8) then null
      when c.heard then least(p_at + greatest(c.poll, c.age / 8), c.settled_at + c.watched)
      else p_at + greatest(c.poll, least(c.age / 8, interval '10 minutes')) end
    from clock c where b.order_id = c.order_id and b.batch = c.batch
$function$;

CREATE OR REPLACE FUNCTION public.mark_transfers(OUT proved_to bigint, OUT confirmed_to bigint, OUT seen_to bigint)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
declare
  known  ledger_proof;
  at_now pg_snapshot;
begin
  if pg_current_xact_id_if_assigned() is not null then
    raise exception using errcode = 'HF003',
      message = 'transfers are marked in a transaction that has already written';
  end if;
  select coalesce(max(t.id), 0) into seen_to from transfers t;
  select * into strict known from ledger_proof;
  at_now := pg_current_snapshot();
  proved_to := known.proved_to;
  confirmed_to := known.proved_to;
  if known.seen_by <= pg_snapshot_xmin(at_now) then
    confirmed_to := greatest(known.proved_to, known.seen_to);
    if known.seen_to = mark_transfers.seen_to then
      return;  -- Nothing is new: the mark stays as it is.
    end if;
  elsif known.seen_by < pg_snapshot_xmax(at_now) then
    return;  -- A transaction from before the mark still runs.
  end if;
  -- There is no mark yet, there are new transfers, or the mark is from another server that this
  -- database was copied from: a mark of this server is older than the end of any later snapshot.
  update ledger_proof
    set seen_to = mark_transfers.seen_to, seen_by = pg_current_xact_id();
end $function$;

CREATE OR REPLACE FUNCTION public.may_ask_stop(batches, p_at timestamptz, p_minutes integer)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select $1.stop_answer is null or ($1.stop_answer <> 'accepted'
    and $1.stop_asked_at + make_interval(mins => p_minutes) <= p_at)
$function$;

CREATE OR REPLACE FUNCTION public.may_be_sent(p_order bigint, p_batch integer)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
AS $function$
begin
  return not exists (select from attempts
      where order_id = p_order and batch = p_batch and state = 'accepted')
    and (exists (select from orders where id = p_order and settled_at is null)
      or exists (select from batches b
        join refills r on r.order_id = b.order_id and r.number = b.refill
        where b.order_id = p_order and b.batch = p_batch and r.stage <> 'ended'));
end $function$;

CREATE OR REPLACE FUNCTION public.move_money(p_step text, p_kind text, p_debit text, p_credit text, p_amount bigint, p_order bigint DEFAULT NULL::bigint, p_note text DEFAULT NULL::text)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  owner  integer;
  signed bigint;
  wallet wallets;
begin
  if p_amount < 0 then
    raise exception using errcode = 'HF003',
      message = format('%s would move a negative amount', p_step);
  elsif p_amount = 0 then
    return true;
  end if;
  if p_debit like 'wallet:%' then
    owner := substr(p_debit, 8)::integer;
    signed := -p_amount;
  elsif p_credit like 'wallet:%' then
    owner := substr(p_credit, 8)::integer;
    signed := p_amount;
  end if;
  if owner is not null then
    update wallets set balance = balance + signed, version = version + 1
      where account_id = owner and balance + signed >= 0
      returning * into wallet;
    if not found then
      return false;
    end if;
  end if;
  insert into transfers (step, kind, debit, credit, amount, order_id,
      wallet_id, wallet_balance, wallet_version, note)
    values (p_step, p_kind, p_debit, p_credit, p_amount, p_order,
      owner, wallet.balance, wallet.version, p_note);
  return true;
end $function$;
revoke execute on function move_money(text,text,text,text,bigint,bigint,text) from public;

CREATE OR REPLACE FUNCTION public.must_be_counted(p_order bigint, p_batch integer, p_attempt integer)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select p_batch = 1 and p_attempt = 1 and exists (select from orders
    where id = p_order and counter_url is not null and counted_start is null)
$function$;

CREATE OR REPLACE FUNCTION public.new_attempt(p_order bigint, p_batch integer, p_attempt integer, p_at timestamptz, p_usual_sends integer, p_given_up_after double precision, p_take boolean)
 RETURNS attempts
 LANGUAGE plpgsql
AS $function$
declare
  best record;
  mine integer := (select account_id from orders where id = p_order);
  made attempts;
begin
  if p_take then
    perform from batches where order_id = p_order and batch = p_batch for update;
    perform from orders where id = p_order for no key update;
  end if;
  select * into best from best_route(p_order, p_batch, p_at, p_usual_sends, p_given_up_after);
  if best.room is null or best.room <= 0 then
    return null;
  end if;
  if p_take and not has_room(best.provider_id, mine, p_at, p_usual_sends, p_given_up_after) then
    return null;
  end if;
  insert into attempts (order_id, batch, attempt, provider_id, provider_service, cost_rate, state,
      sends, sending_at, choice)
    values (p_order, p_batch, p_attempt, best.provider_id, best.provider_service, best.cost_rate,
      case when p_take then 'sending' else 'intent' end, p_take::integer,
      case when p_take then clock_timestamp() end, best.choice)
    on conflict do nothing returning * into made;
  if p_take and found then
    perform sending_begins(p_order, p_batch);
  end if;
  return made;
end $function$;

CREATE OR REPLACE FUNCTION public.next_batches(p_orders bigint[], p_order bigint, p_batch integer, p_most integer)
 RETURNS TABLE(order_id bigint, batch integer)
 LANGUAGE sql
 STABLE
AS $function$
  select o.id, b.batch
    from unnest(p_orders) as o(id) cross join lateral (
      select batch from batches
        where order_id = o.id and batch > case when o.id = p_order then p_batch else 0 end
        order by batch limit p_most) b
    where o.id >= p_order
    order by o.id, b.batch limit p_most
$function$;

CREATE OR REPLACE FUNCTION public.next_in_line(p_order bigint, p_at timestamptz)
 RETURNS bigint
 LANGUAGE sql
 STABLE
AS $function$
  select n.id
    from orders o join services s on s.id = o.service_id and s.duplicate_link = 'queue'
    cross join lateral open_orders_of_link(o.service_id, o.link_key) n
    where o.id = p_order and (s.duplicate_scope = 'all' or n.account_id = o.account_id)
      and not exists (select from batches where order_id = n.id)
      and n.paused_at is null
      and n.due_at <= greatest(p_at, clock_timestamp())
    order by n.id limit 1
$function$;

CREATE OR REPLACE FUNCTION public.open_claim(p_order bigint, p_account integer, p_key text, p_fingerprint bytea, p_request jsonb, p_expires_at timestamptz, p_service bigint, p_mark text, p_link_key text, p_price bigint, OUT outcome text, OUT claim claims, OUT offer jsonb, OUT mark text)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.open_mass_line(p_mass bigint, p_line integer)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  mine mass_lines;
begin
  select * into strict mine from mass_lines where mass_id = p_mass and line = p_line for update;
  if mine.status <> 'waiting' then
    return null;
  end if;
  if mine.order_id is null then
    insert into claims (account_id, idempotency_key, fingerprint, request)
      -- The list's own key may begin another list once this one is old, so the line's key is made from
      -- the list's id. No client can send a line feed in a header, so no client's key equals one of
      -- these.
      select account_id, chr(10) || p_mass || chr(10) || p_line,
          sha256(convert_to(mine.request::text, 'UTF8')), mine.request
        from mass_placements where id = p_mass
      returning order_id into strict mine.order_id;
    update mass_lines set order_id = mine.order_id where mass_id = p_mass and line = p_line;
  end if;
  return mine.order_id;
end $function$;

CREATE OR REPLACE FUNCTION public.open_orders_of_link(p_service integer, p_link_key text)
 RETURNS TABLE(id bigint, account_id integer, paused_at timestamptz, due_at timestamptz)
 LANGUAGE sql
 STABLE
AS $function$
  select o.id, o.account_id, o.paused_at, coalesce(o.next_run_at, o.created_at) from orders o
    where o.service_id = p_service and link_hash(o.link_key) = link_hash(p_link_key)
      and o.link_key = p_link_key and o.settled_at is null
$function$;

CREATE OR REPLACE FUNCTION public.open_refill(p_order bigint, p_number integer, p_by text, p_reason text, p_missing bigint, p_in_review boolean, p_review_at timestamptz, p_at timestamptz)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
begin
  insert into refills (order_id, number, stage, missing, requested_by, reason, requested_at,
      review_at)
    values (p_order, p_number, case when p_in_review then 'review' else 'asking' end, p_missing,
      p_by, nullif(p_reason, ''), p_at, p_review_at) on conflict (order_id, number) do nothing;
  if found then
    update orders set version = version + 1 where id = p_order;
    perform add_event(p_order, 'refill.requested', p_by, p_at,
      jsonb_strip_nulls(jsonb_build_object(
        'refill', p_number, 'missing', p_missing, 'reason', nullif(p_reason, ''))));
    perform audit_from_ui(p_order, 'refill-' || p_number, 'refill.requested', p_by,
      jsonb_strip_nulls(jsonb_build_object('refill', p_number, 'reason', nullif(p_reason, ''))));
  end if;
  return (select id from refills where order_id = p_order and number = p_number);
end $function$;

CREATE OR REPLACE FUNCTION public.order_gets_on(p_order bigint, p_attention text, p_version integer)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update orders set attention = p_attention, version = version + 1
    where id = p_order and settled_at is null and version = p_version
      and attention <> p_attention;
  perform resolve_alert('workflow_stuck', 'order:' || p_order, clock_timestamp());
end $function$;

CREATE OR REPLACE FUNCTION public.orders_found(p_orders bigint[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update order_restarts set given_up_at = null
    where order_id = any (p_orders) and given_up_at is not null;
  perform resolve_alert('order_lost', 'order:' || o, clock_timestamp())
    from unnest(p_orders) o;
end $function$;

CREATE OR REPLACE FUNCTION public.orders_to_run(p_orders bigint[])
 RETURNS TABLE(order_id bigint, need text, account_id integer, service_id bigint, status text, attention text, age_seconds double precision)
 LANGUAGE sql
 STABLE
AS $function$
  select c.order_id,
         case when o.id is null then 'claim' when o.settled_at is null then 'order'
           else 'window' end,
         c.account_id, coalesce(o.service_id, service_asked(c.request), 0),
         coalesce(o.status, 'Pending'), coalesce(o.attention, 'none'),
         extract(epoch from clock_timestamp() - coalesce(o.created_at, c.created_at))::float8
    from claims c left join orders o on o.id = c.order_id
    where c.order_id = any (p_orders)
      and ((o.id is null and c.state = 'open'
          and (c.expires_at is null or c.expires_at > clock_timestamp()))
        or (o.id is not null and (o.settled_at is null or o.refill_until > clock_timestamp()
          or exists (select from refills r where r.order_id = o.id and r.stage <> 'ended'))))
$function$;

CREATE OR REPLACE FUNCTION public.overdue_orders(p_after bigint, p_seconds integer, p_limit integer)
 RETURNS TABLE(order_id bigint)
 LANGUAGE sql
 STABLE
AS $function$
  with since as (select clock_timestamp() - make_interval(secs => p_seconds) as at)
  (select id from orders, since
    where settled_at is null and (status = 'Pending' or next_run_at is not null) and id > p_after
      and coalesce(next_run_at, created_at) < since.at and paused_at is null
    order by id limit p_limit)
  union
  (select distinct b.order_id from batches b, since
    where (b.state in ('waiting', 'sending') or b.report_version > b.acked_version)
      and b.order_id > p_after
      and case
        when b.state = 'running' then b.reported_at is not null or b.terminal_at < since.at
        when b.state in ('waiting', 'sending') then exists (select from attempts a
          where a.order_id = b.order_id and a.batch = b.batch and a.state in ('intent', 'sending')
            and coalesce(a.sending_at, a.created_at) < since.at)
        else false end
    order by 1 limit p_limit)
  union
  (select r.order_id from refills r, since
    where r.stage <> 'ended' and r.order_id > p_after
      and (r.stage <> 'review' and r.review_at < since.at
        or r.stage = 'asking' and r.requested_at < since.at)
    order by 1 limit p_limit)
  order by 1 limit p_limit
$function$;

CREATE OR REPLACE FUNCTION public.owed_parts(p_order bigint)
 RETURNS TABLE(batch integer, missing bigint)
 LANGUAGE sql
 STABLE
AS $function$
  select b.batch, b.quantity - b.delivered
    from orders o join batches b on b.order_id = o.id
    where o.id = p_order and o.settled_at is null and b.state = 'done'
      and b.provider_order is not null and b.delivered < b.quantity
      and (b.resend or (o.after_failed_run = 'retry' and o.runs > 1))
      and not exists (select from batches again
        where again.order_id = p_order and again.resends = b.batch)
$function$;

CREATE OR REPLACE FUNCTION public.owed_stops(p_provider integer, p_minutes integer, p_hours integer)
 RETURNS SETOF batches
 LANGUAGE sql
 STABLE
AS $function$
  select * from batches
    where provider_id = p_provider and stop_wanted_at is not null
      and lacks_clear_stop(batches) and terminal_at is null
      and stop_wanted_at between clock_timestamp() - make_interval(hours => p_hours)
        and clock_timestamp() - interval '3 minutes'
      and (stop_asked_at is null
        or stop_asked_at < clock_timestamp() - make_interval(mins => p_minutes))
    order by stop_wanted_at
$function$;

CREATE OR REPLACE FUNCTION public.own_refill()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin new.account_id := (select account_id from orders where id = new.order_id); return new; end $function$;

CREATE OR REPLACE FUNCTION public.plain_charge(p_raw text)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case when p_raw ~ '^\d{1,10}(\.\d{1,8})?$' then (p_raw::numeric * 100000000)::bigint end
$function$;

CREATE OR REPLACE FUNCTION public.plain_costs(p_order bigint)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select case when count(*) = count(plain_charge(provider_charge)) then
      coalesce(jsonb_agg(jsonb_build_object('batch', batch, 'raw', provider_charge,
        'cost', plain_charge(provider_charge)::text)), '[]') end
    from batches where order_id = p_order and provider_order is not null and refill is null
$function$;

CREATE OR REPLACE FUNCTION public.prove_again(p_part text, p_items text[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  drift jsonb := prove_items(p_part, p_items);
begin
  perform keep_drift(p_part, p_items, drift);
end $function$;

CREATE OR REPLACE FUNCTION public.prove_items(p_part text, p_items text[])
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(jsonb_agg(jsonb_build_object('part', p_part, 'item', item, 'check', check_name,
      'subject', subject, 'detail', detail)), '[]')
    from verify_part(p_part, p_items)
$function$;

CREATE OR REPLACE FUNCTION public.prove_new(p_after bigint, p_to bigint, p_most integer, OUT upto bigint, OUT transfers integer, OUT orders integer, OUT drift jsonb)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET enable_seqscan TO 'off'
AS $function$
declare
  ids     bigint[] := array(
    select t.id from transfers t where t.id > p_after and t.id <= p_to order by t.id limit p_most);
  touched text[] := array(
    select distinct t.order_id::text from transfers t
      where t.id = any (ids) and t.order_id is not null);
begin
  transfers := cardinality(ids);
  orders := cardinality(touched);
  upto := case when transfers < p_most then p_to else ids[transfers] end;
  drift := prove_items('transfers', ids::text[]) || prove_items('orders', touched);
end $function$;

CREATE OR REPLACE FUNCTION public.prove_next(p_series text, p_after text, p_most integer, OUT upto text, OUT proved integer, OUT drift jsonb)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET enable_seqscan TO 'off'
AS $function$
declare
  items text[] := ledger_items(p_series, p_after, p_most);
begin
  proved := cardinality(items);
  upto := items[proved];
  drift := prove_items(case p_series when 'open orders' then 'orders' else p_series end, items);
end $function$;

CREATE OR REPLACE FUNCTION public.provider_answers(p_provider integer, p_at timestamptz)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update providers set unclear = 0 where id = p_provider and unclear > 0;
  update providers set paused_until = null, pause_reason = null, troubles = 0,
      failed_accounts = '{}', paused_for_all = true
    where id = p_provider and troubles > 0 and pause_reason <> 'funds'
      and (paused_until <= p_at or not paused_for_all);
  if found then
    perform resolve_alert('provider_paused', 'provider:' || p_provider, p_at);
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.provider_of(p_order bigint)
 RETURNS integer
 LANGUAGE sql
 STABLE
AS $function$
  select case when min(provider_id) = max(provider_id) then min(provider_id)
      when min(provider_id) is not null then 0 end
    from batches where order_id = p_order and refill is null
$function$;

CREATE OR REPLACE FUNCTION public.provider_troubled(p_provider integer, p_trouble text, p_pauses integer[], p_same_trouble integer, p_at timestamptz, p_account integer DEFAULT NULL::integer)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  had      providers;
  recent   boolean;
  accounts integer[];
  known    boolean;
  for_all  boolean;
  nth      integer;
begin
  -- Not FOR UPDATE: it would wait for every transaction that refers to the provider.
  select * into strict had from providers where id = p_provider for no key update;
  recent := coalesce(had.paused_until > p_at - make_interval(secs => p_same_trouble), false);
  accounts := case when recent then had.failed_accounts else '{}' end;
  known := coalesce(p_account = any(accounts), false);
  if had.paused_until > p_at and (had.paused_for_all or known) then
    return false;
  end if;
  for_all := p_account is null or (not known and cardinality(accounts) >= 2);
  nth := case when recent and had.paused_for_all = for_all and (for_all or known)
    then had.troubles else 0 end + 1;
  update providers set troubles = nth, unclear = 0, pause_reason = p_trouble, pause_note = null,
      paused_until = p_at + make_interval(secs => p_pauses[least(nth, cardinality(p_pauses))]),
      paused_for_all = for_all,
      failed_accounts = case when known or p_account is null then accounts
        else accounts || p_account end
    where id = p_provider;
  return raise_alert('provider_paused', 'provider:' || p_provider, p_trouble, p_at);
end $function$;

CREATE OR REPLACE FUNCTION public.provider_unclear(p_provider integer, p_sent_at timestamptz, p_break_after integer, p_pauses integer[], p_same_trouble integer, p_at timestamptz)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  now_is providers;
begin
  update providers set unclear = unclear + 1
    where id = p_provider
      and (troubles = 0 or not paused_for_all or p_sent_at >= paused_until) returning * into now_is;
  if not found or ((now_is.troubles = 0 or not now_is.paused_for_all)
      and now_is.unclear < p_break_after) then
    return false;
  end if;
  return provider_troubled(p_provider, 'trouble', p_pauses, p_same_trouble, p_at);
end $function$;

CREATE OR REPLACE FUNCTION public.provider_works(p_provider integer, p_at timestamptz)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update providers set unclear = 0 where id = p_provider and unclear > 0;
  update providers set paused_until = null, pause_reason = null, troubles = 0,
      recovered_at = clock_timestamp(), failed_accounts = '{}', paused_for_all = true
    where id = p_provider and troubles > 0
      and (paused_until <= greatest(p_at, clock_timestamp()) or not paused_for_all);
  if found then
    perform resolve_alert('provider_paused', 'provider:' || p_provider, p_at);
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.raise_alert(p_kind text, p_subject text, p_detail text, p_at timestamptz)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
begin
  insert into alerts (kind, subject, detail, at) values (p_kind, p_subject, p_detail, p_at)
    on conflict (kind, subject) where resolved_at is null do nothing;
  if found then
    return true;
  end if;
  update alerts set detail = p_detail
    where kind = p_kind and subject = p_subject and resolved_at is null and detail <> p_detail;
  return false;
end $function$;

CREATE OR REPLACE FUNCTION public.raise_word_alerts(p_provider integer, p_words jsonb, p_taught jsonb, p_at timestamptz, p_most integer)
 RETURNS SETOF text
 LANGUAGE plpgsql
AS $function$
declare
  said record;
  open integer;
begin
  for said in
    select w.* from jsonb_to_recordset(p_words) as w(subject text, detail text, word text)
      where not exists (select from alerts a
        where a.kind = 'provider_word' and a.subject = w.subject and a.resolved_at is null)
  loop
    -- Teaching a word resolves its alert; an alert raised after that would stay open.
    perform from providers where id = p_provider
      and coalesce(profile->'statusWords', 'null') = coalesce(p_taught, 'null') for share;
    exit when not found;
    select count(*) into open from alerts
      where kind = 'provider_word' and resolved_at is null
        and starts_with(subject, 'word:' || p_provider || ':');
    if open < p_most and raise_alert('provider_word', said.subject, said.detail, p_at) then
      return next said.word;
    end if;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.rebate_cost(p_order bigint, p_batch integer, p_cost bigint, p_raw text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_catalog', 'pg_temp'
AS $function$
declare
  first  text := format('order:%s:batch:%s:cost', p_order, p_batch);
  seller integer :=
    (select provider_id from batches where order_id = p_order and batch = p_batch);
  booked bigint;
  times  bigint;
  step   text;
begin
  select coalesce(sum(case t.kind when 'cost' then t.amount else -t.amount end), 0),
      count(*) filter (where t.kind = 'rebate')
    into booked, times from transfers t
    where t.order_id = p_order and (t.step = first or t.step like first || ':%');
  if p_cost is null or p_cost >= booked then
    return;
  end if;
  step := format('%s:%s', first, times + 1);
  perform take_step(step, jsonb_build_object('cost', p_cost::text));
  perform move_money(step, 'rebate', 'payable:' || seller, 'cost:' || seller, booked - p_cost,
    p_order, p_raw);
end $function$;

CREATE OR REPLACE FUNCTION public.receiver_of(p_endpoint webhook_endpoints)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case when p_endpoint.email is null then p_endpoint.id else 0 end
$function$;

CREATE OR REPLACE FUNCTION public.recent_last_words(p_provider integer, p_at timestamptz, p_minutes integer, OUT words bigint, OUT short bigint, OUT orders bigint)
 RETURNS record
 LANGUAGE sql
 STABLE
AS $function$
  select count(*), count(*) filter (where provider_status in ('Canceled', 'Partial')),
         count(distinct order_id) filter (where provider_status in ('Canceled', 'Partial'))
    from batches
    where provider_id = p_provider
      and terminal_at > greatest(p_at - make_interval(mins => p_minutes),
        coalesce((select at from take_back_decisions where provider_id = p_provider), '-infinity'))
$function$;

CREATE OR REPLACE FUNCTION public.record_call(p_provider integer, p_reports jsonb, p_at timestamptz, p_samples integer, p_most integer, p_resend integer, p_parked integer)
 RETURNS SETOF batches
 LANGUAGE plpgsql
AS $function$
declare
  from_order bigint;
  to_order   bigint;
begin
  perform record_reports(p_provider, p_reports, p_at, p_samples);
  select min(o), max(o) into from_order, to_order from jsonb_to_recordset(p_reports) as r(o bigint);
  return query select * from take_reports(
    p_provider, from_order, 0, to_order, p_most, p_resend, p_parked);
end $function$;

CREATE OR REPLACE FUNCTION public.record_delivery(p_endpoint integer, p_event bigint, p_round integer, p_state text, p_status integer, p_error text, p_next timestamptz, p_patience integer, p_days integer)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  had webhook_endpoints;
begin
  -- Lock order: the endpoint before its deliveries. A healthy endpoint is not locked at all.
  if p_state <> 'delivered'
      or exists (select from webhook_endpoints where id = p_endpoint and failing_since is not null)
      then
    select * into strict had from webhook_endpoints where id = p_endpoint for no key update;
  end if;
  update webhook_deliveries set state = case p_state when 'gone' then 'failed' else p_state end,
      attempts = attempts + 1, last_status = p_status, last_error = p_error,
      last_attempt_at = clock_timestamp(),
      next_attempt_at = case p_state when 'retrying' then p_next end,
      delivered_at = case p_state when 'delivered' then clock_timestamp() end
    where endpoint_id = p_endpoint and event_id = p_event and round = p_round
      and state in ('pending', 'retrying');
  if not found or had.id is null then
    return false;
  elsif p_state = 'delivered' then
    perform webhook_works(p_endpoint);
    return false;
  elsif p_state = 'gone' then
    perform disable_endpoint(p_endpoint, 'gone');
    return false;
  end if;
  had.failing_since := coalesce(had.failing_since, clock_timestamp());
  had.given_up := had.given_up + (p_state = 'failed')::integer;
  update webhook_endpoints set failing_since = had.failing_since, given_up = had.given_up
    where id = p_endpoint and (failing_since is null or p_state = 'failed');
  -- An endpoint that waits for its confirmation raises no alert.
  if had.disabled_reason is not null
      or had.failing_since > clock_timestamp() - interval '1 day' then
    return false;
  end if;
  perform raise_alert('webhook_failing', 'webhook:' || p_endpoint,
    'nothing got through for a day', clock_timestamp());
  if had.given_up < p_patience
      or had.failing_since > clock_timestamp() - make_interval(days => p_days) then
    return false;
  end if;
  perform disable_endpoint(p_endpoint, 'failing');
  -- Adds a line to the endpoint's delivery log.
  insert into webhook_deliveries (event_id, endpoint_id, type, state, next_attempt_at)
    values (nextval(pg_get_serial_sequence('events', 'id')), p_endpoint, 'webhook.disabled',
      'stopped', null);
  return true;
end $function$;

CREATE OR REPLACE FUNCTION public.record_refills(p_provider integer, p_said jsonb)
 RETURNS void
 LANGUAGE sql
AS $function$
  update refill_parts p set state = s.status
    from jsonb_to_recordset(p_said) as s(id text, status text)
    where p.provider_id = p_provider and p.provider_refill = s.id and p.state = 'asked'
      and s.status in ('Completed', 'Rejected')
$function$;

CREATE OR REPLACE FUNCTION public.record_reports(p_provider integer, p_reports jsonb, p_at timestamptz, p_samples integer)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  written integer;
  of      bigint[];
  numbers integer[];
begin
  select orders, batches into of, numbers from lock_news(p_reports);
  if of is null then
    return 0;
  end if;
  -- Then lock their orders, by id: the watches of two providers may share orders.
  perform from orders where settled_at is null and id = any (of) order by id for update;
  with said as (
    select b.order_id, b.batch, b.quantity, b.delivered as had,
           r.status, r.remains, r.start, r.charge, r.terminal,
           -- A clean end is news for the workflow when it has a report about the batch already, when
           -- the order waits for a person or finishes its runs, and in a refill.
           r.clean and not o.finishing and b.report_version = 0 and o.attention = 'none'
             and b.refill is null as quiet,
           delivered_after(b.*, r.status, r.remains, r.terminal, r.clean) as has,
           r.terminal or (r.status is distinct from b.provider_status
             and (r.status in ('Paused', 'Error')
               or coalesce(b.provider_status, '') in ('Paused', 'Error'))) as changes_state
      from jsonb_to_recordset(p_reports) as r(o bigint, b integer, status text, remains bigint,
        start bigint, charge text, terminal boolean, clean boolean)
      join unnest(of, numbers) as held(o, b) on held.o = r.o and held.b = r.b
      join batches b on b.order_id = r.o and b.batch = r.b
      join orders o on o.id = b.order_id
      where b.provider_id = p_provider and b.state = 'running' and b.terminal_at is null
        -- A repeated last word is news when a person has asked for another check.
        and ((b.provider_status, b.remains, b.start_count, b.provider_charge) is distinct from
            (r.status, r.remains, start_after(b.start_count, r.start, b.delivered > 0), r.charge)
          or (r.terminal and b.report_version > 0))
  ), changed as (
    update batches b set provider_status = s.status, remains = s.remains,
        start_count = start_after(b.start_count, s.start, s.has > 0),
        counts_down = b.counts_down or coalesce(s.remains between 1 and s.quantity, false),
        provider_charge = s.charge, delivered = s.has,
        progress_at = case when s.has > s.had then p_at else b.progress_at end,
        stalled_since = case when s.has > s.had then null else b.stalled_since end,
        terminal_at = case when s.terminal then p_at end,
        state = case when s.quiet then 'done' else b.state end,
        supported = case when s.quiet then b.quantity end,
        report_version = b.report_version + case when not s.quiet
          and (s.changes_state or (s.has > s.had and b.stalled_since is not null)) then 1 else 0 end,
        reported_at = case when s.changes_state or s.has > s.had then null else b.reported_at end
      from said s where b.order_id = s.order_id and b.batch = s.batch and b.state = 'running'
      returning b.order_id, b.batch, s.had, s.has, b.quantity, s.terminal, b.start_count
  ), curve as (
    insert into delivery_samples (order_id, batch, at, delivered)
      select order_id, batch, p_at, has from changed
        where has > had
          and (terminal or has * p_samples / quantity > had * p_samples / quantity)
      on conflict do nothing
  ), shown as (
    update orders o set delivered = least(o.delivered + c.more, o.total_quantity),
        start_count = start_after(o.start_count, c.start_count, true), version = o.version + 1
      from (select order_id, sum(has - had) as more,
                min(start_count) filter (where batch = 1) as start_count
              from changed group by order_id) c
      where o.id = c.order_id and o.settled_at is null
        and (c.more > 0
          or o.start_count is distinct from start_after(o.start_count, c.start_count, true))
  )
  select count(*) into written from changed;
  return written;
end $function$;

CREATE OR REPLACE FUNCTION public.record_stalls(p_provider integer, p_orders bigint[] DEFAULT NULL::bigint[])
 RETURNS void
 LANGUAGE sql
AS $function$
  with stuck as (
    -- Lock order, as everywhere: by order and batch.
    select b.order_id, b.batch from batches b join orders o on o.id = b.order_id
      where b.provider_id = p_provider and b.state = 'running' and b.terminal_at is null
        and b.stalled_since is null and o.paused_at is null
        and b.progress_at < clock_timestamp() - make_interval(secs => o.stall_after_seconds)
        and (p_orders is null or b.order_id = any (p_orders))
      order by b.order_id, b.batch for update of b
  )
  update batches b set stalled_since = b.progress_at, report_version = b.report_version + 1,
      reported_at = null
    from stuck s where b.order_id = s.order_id and b.batch = s.batch
$function$;

CREATE OR REPLACE FUNCTION public.record_successes(p_endpoints integer[], p_events bigint[], p_rounds integer[], p_statuses integer[])
 RETURNS SETOF integer
 LANGUAGE sql
AS $function$
  with mine as (
    select d.endpoint_id, d.event_id, s.status, s.nth
      from unnest(p_endpoints, p_events, p_rounds, p_statuses)
        with ordinality as s(endpoint, event, round, status, nth)
      join webhook_deliveries d on d.endpoint_id = s.endpoint and d.event_id = s.event
        and d.round = s.round and d.state in ('pending', 'retrying')
      where not exists (select from webhook_endpoints w
        where w.id = s.endpoint and w.failing_since is not null)
      for update of d skip locked
  )
  update webhook_deliveries d set state = 'delivered', attempts = d.attempts + 1,
      last_status = m.status, last_error = null, last_attempt_at = clock_timestamp(),
      next_attempt_at = null, delivered_at = clock_timestamp()
    from mine m where d.endpoint_id = m.endpoint_id and d.event_id = m.event_id
    returning m.nth::integer
$function$;

CREATE OR REPLACE FUNCTION public.refill_asked(p_order bigint, p_number integer, p_at timestamptz, OUT taken integer, OUT refused integer, OUT unclear integer)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
begin
  perform from orders where id = p_order for update;
  select count(*) filter (where state <> 'refused'), count(*) filter (where state = 'refused')
    into taken, refused
    from refill_parts where order_id = p_order and refill = p_number;
  select count(*) into unclear from batches_to_refill(p_order, p_number);
  if exists (select from refills
      where order_id = p_order and number = p_number and open_calls > 0) then
    unclear := unclear + refused;
    refused := 0;
  end if;
  update refills set stage = 'tracked'
    where order_id = p_order and number = p_number and stage = 'asking' and taken > 0;
  if found then
    update orders set version = version + 1 where id = p_order;
    perform add_event(p_order, 'refill.in_progress', 'provider', p_at,
      jsonb_build_object('refill', p_number));
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.refill_call_answered(p_order bigint, p_number integer, p_parts jsonb)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into refill_parts (order_id, refill, batch, provider_id, provider_refill, state)
    select p_order, p_number, p.batch, p.provider, p."providerRefill",
        case when p."providerRefill" is null then 'refused' else 'asked' end
      from jsonb_to_recordset(p_parts) as p(batch integer, provider integer, "providerRefill" text)
    on conflict do nothing;
  update refills set open_calls = greatest(open_calls - 1, 0)
    where order_id = p_order and number = p_number
$function$;

CREATE OR REPLACE FUNCTION public.refill_status(p_stage text, p_outcome text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case p_stage when 'ended' then p_outcome when 'asking' then 'Pending' else 'In progress' end
$function$;

CREATE OR REPLACE FUNCTION public.refusal_of(p_service services, p_account integer, p_link_key text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
begin
  if not p_service.active then
    return jsonb_build_object('code', 'unknown_service');
  elsif p_service.duplicate_link = 'reject' then
    perform pg_advisory_xact_lock(hashtextextended(p_service.id || ' ' || p_link_key, 42));
    if link_taken(p_service.id, p_link_key, p_account) then
      return jsonb_build_object('code', 'duplicate_link');
    end if;
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception using errcode = 'HF002',
    message = format('%s is append-only: %s refused', tg_table_name, tg_op);
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_mass_line(p_mass bigint, p_line integer, p_error jsonb, p_why text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  mine   mass_lines;
  placed boolean;
begin
  select * into strict mine from mass_lines where mass_id = p_mass and line = p_line for update;
  if mine.status <> 'waiting' then
    return;
  end if;
  perform refuse_unplaceable(mine.order_id, p_error, p_why);
  placed := exists (select from claims where order_id = mine.order_id and state = 'order');
  update mass_lines set status = case when placed then 'placed' else 'refused' end,
      error = case when not placed then p_error end
    where mass_id = p_mass and line = p_line;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_stale_intent(p_order bigint, p_batch integer, p_attempt integer, p_at timestamptz)
 RETURNS void
 LANGUAGE sql
AS $function$
  update attempts a set state = 'refused', detail = 'trouble', decided_at = clock_timestamp()
    from providers p, orders o
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'intent'
      and p.id = a.provider_id and o.id = p_order
      and ((p.paused_until > p_at and trouble_concerns(p, o.account_id)) or not exists (
        select from routes r
          where r.service_id = o.service_id and r.provider_id = a.provider_id
            and r.provider_service = a.provider_service and r.active and r.held is null))
$function$;

CREATE OR REPLACE FUNCTION public.refuse_unplaceable(p_order bigint, p_refusal jsonb, p_error text)
 RETURNS void
 LANGUAGE sql
AS $function$
  select close_claim(p_order, 'refused', p_refusal);
  select raise_alert('order_unplaceable', 'error:' || p_error, format(
    'orders are refused because they can never be stored (%s); the log of the worker names them',
    p_error), clock_timestamp())
$function$;

CREATE OR REPLACE FUNCTION public.release_attempt(p_order bigint, p_batch integer, p_attempt integer, p_detail text, p_sends integer DEFAULT NULL::integer)
 RETURNS void
 LANGUAGE sql
AS $function$
  update attempts set state = 'intent', detail = p_detail
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'sending'
      and sends = coalesce(p_sends, sends)
$function$;

CREATE OR REPLACE FUNCTION public.reopen_requests()
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  this   record;
  opened bigint;
begin
  update claims set expires_at = null where state = 'open' and expires_at is not null;
  for this in
    select l.mass_id, l.line, m.created_at
      from mass_placements m join mass_lines l on l.mass_id = m.id
      where m.ended_at is null and l.status = 'waiting' and l.order_id is null
      order by l.mass_id, l.line
  loop
    opened := open_mass_line(this.mass_id, this.line);
    update claims set created_at = this.created_at where order_id = opened;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.reorder_refusal(p_reorder_of bigint)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  reorder bigint;
begin
  if p_reorder_of is null then
    return null;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('reorder of ' || p_reorder_of, 42));
  select id into reorder from orders where reorder_of = p_reorder_of;
  return case when reorder is not null then jsonb_build_object('code', 'already_reordered',
    'detail', format('order %s orders the rest of this order', reorder)) end;
end $function$;

CREATE OR REPLACE FUNCTION public.resend_refill(p_order bigint, p_number integer, p_batch integer, p_quantity bigint, p_resends integer)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into batches (order_id, batch, quantity, resends, refill)
    values (p_order, p_batch, p_quantity, p_resends, p_number)
    on conflict do nothing;
  select from orders where id = p_order for update;
  update refills set stage = 'resending', before = null
    where order_id = p_order and number = p_number and stage <> 'ended'
$function$;

CREATE OR REPLACE FUNCTION public.resolve_alert(p_kind text, p_subject text, p_at timestamptz)
 RETURNS void
 LANGUAGE sql
AS $function$
  update alerts set resolved_at = greatest(p_at, at)
    where kind = p_kind and subject = p_subject and resolved_at is null
$function$;

CREATE OR REPLACE FUNCTION public.resolve_unplaceable(p_seconds integer)
 RETURNS void
 LANGUAGE sql
AS $function$
  select resolve_alert(a.kind, a.subject, clock_timestamp()) from alerts a
    where a.kind = 'order_unplaceable' and a.resolved_at is null
      and not exists (select from claims where refusal->>'code' = 'cannot_be_placed'
        and decided_at > clock_timestamp() - make_interval(secs => p_seconds))
$function$;

CREATE OR REPLACE FUNCTION public.restored_why()
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select 'the database was restored from an older copy'
$function$;

CREATE OR REPLACE FUNCTION public.room_for_sends(p_provider integer, p_account integer, p_usual integer, p_given_up_after double precision)
 RETURNS bigint
 LANGUAGE sql
 STABLE
AS $function$
  select case when p.troubles > 0 and trouble_concerns(p, p_account) then 1
        else coalesce((p.profile->>'maxParallelSends')::integer, p_usual) end
      - (select count(*) from attempts a where a.provider_id = p.id and a.state = 'sending'
           and a.sending_at > clock_timestamp() - make_interval(secs => p_given_up_after))
    from providers p where p.id = p_provider
$function$;

CREATE OR REPLACE FUNCTION public.routes_left(p_order bigint, p_batch integer)
 RETURNS TABLE(provider_id integer, provider_service text, cost_rate bigint, preference integer, paused_until timestamptz)
 LANGUAGE sql
 STABLE
AS $function$
  select r.provider_id, r.provider_service, r.rate, r.position,
      case when trouble_concerns(p, o.account_id) then p.paused_until end
    from orders o join services s on s.id = o.service_id join routes r on r.service_id = s.id
    join providers p on p.id = r.provider_id
    left join batches q on q.order_id = o.id and q.batch = p_batch
    where o.id = p_order and may_be_sent(p_order, p_batch) and r.active and r.held is null
      and (r.min_quantity is null or coalesce(q.quantity, o.quantity) >= r.min_quantity)
      and (r.max_quantity is null or coalesce(q.quantity, o.quantity) <= r.max_quantity)
      -- A missing part is sent as it is or not at all: rounded up, it would be more than the customer
      -- paid for. The quantity of the order itself fitted the service's own step when it was accepted.
      and coalesce(q.quantity, o.quantity)
        % coalesce(r.quantity_step, case when q.resends is not null then s.step end, 1) = 0
      and s.type = o.type
      -- A scheduled order whose service is no longer sold is refunded; one that has begun goes on.
      and (s.active or o.status <> 'Pending')
      and not exists (
        select from attempts a where a.order_id = p_order and a.batch = p_batch
          and a.state = 'refused' and a.detail = 'refused'
          and a.provider_id = r.provider_id and a.provider_service = r.provider_service)
      -- A missing part goes to the next route, not to one that did not deliver it. The first check
      -- is there for speed: the recursive search reads all batches of the order, and a drip-feed
      -- has thousands.
      and not (exists (select from batches b
          where b.order_id = p_order and b.batch = p_batch and b.resends is not null)
        and exists (
          with recursive before as (
            select b.resends as batch from batches b
              where b.order_id = p_order and b.batch = p_batch
            union
            select b.resends from batches b join before on b.batch = before.batch
              where b.order_id = p_order
          )
          select from batches b join before on b.batch = before.batch
            where b.order_id = p_order and b.provider_id = r.provider_id
              and b.provider_service = r.provider_service))
$function$;

CREATE OR REPLACE FUNCTION public.runs_begun(p_order bigint)
 RETURNS integer
 LANGUAGE sql
 STABLE
AS $function$
  select count(*)::integer from batches
    where order_id = p_order and refill is null and resends is null
$function$;

CREATE OR REPLACE FUNCTION public.sending_begins(p_order bigint, p_batch integer)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update batches set state = 'sending'
    where order_id = p_order and batch = p_batch and state = 'waiting';
  update orders set status = 'Processing', version = version + 1
    where id = p_order and status = 'Pending';
  if found then
    perform add_event(p_order, 'order.processing', 'system', clock_timestamp());
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.service_asked(p_request jsonb)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case when p_request->>'service' ~ '^\d{1,18}$' then (p_request->>'service')::bigint end
$function$;

CREATE OR REPLACE FUNCTION public.service_offer(p_service bigint)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select jsonb_build_object('id', s.id, 'name', s.name, 'type', s.type, 'rate', s.rate::text,
      'min', s.min, 'max', s.max, 'step', s.step, 'unlimitedPosts', s.unlimited_posts,
      'dripFeed', s.drip_feed, 'linkPattern', s.link_pattern, 'active', s.active,
      'ignoredLinkParameters', s.ignored_link_parameters,
      'openRoutes', (select coalesce(jsonb_agg(jsonb_build_object('min', r.min_quantity,
          'max', r.max_quantity, 'step', r.quantity_step) order by r.position), '[]')
        from routes r where r.service_id = s.id and r.active and r.held is null))
    from services s where s.id = p_service
$function$;

CREATE OR REPLACE FUNCTION public.set_batch_counts(p_order bigint, p_batch integer, p_start bigint, p_remains bigint, p_actor text, p_reason text, p_at timestamptz, OUT outcome text, OUT quantity bigint, OUT delivered bigint, OUT start_count bigint, OUT remains bigint)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
declare
  had  batches;
  more bigint;
begin
  -- Lock order, as everywhere: batches before their order.
  select * into had from batches b where b.order_id = p_order and b.batch = p_batch for update;
  outcome := case when had.order_id is null then 'no_batch'
    when p_remains is not null and (had.state <> 'running' or had.terminal_at is not null)
      then 'not_running' else 'set' end;
  if outcome <> 'set' then
    return;
  end if;
  perform from orders o where o.id = p_order for update;
  update batches b set start_count = coalesce(p_start, b.start_count),
      remains = coalesce(p_remains, b.remains),
      delivered = case when p_remains is null then b.delivered
        else greatest(b.quantity - p_remains, 0) end
    where b.order_id = p_order and b.batch = p_batch
    returning b.quantity, b.delivered, b.start_count, b.remains
    into quantity, delivered, start_count, remains;
  more := case when had.refill is null then delivered - had.delivered else 0 end;
  update orders o set version = version + 1,
      delivered = case when o.settled_at is null
        then least(greatest(o.delivered + more, 0), o.total_quantity) else o.delivered end,
      start_count = case when p_batch = 1 then coalesce(p_start, o.start_count)
        else o.start_count end
    where o.id = p_order;
  perform add_event(p_order, 'counts.set', p_actor, p_at, jsonb_build_object('batch', p_batch,
    'startCount', start_count, 'remains', remains, 'reason', p_reason,
    'was', jsonb_build_object('startCount', had.start_count, 'remains', had.remains)));
end $function$;

CREATE OR REPLACE FUNCTION public.settle_order(p_order bigint, p_status text, p_delivered bigint, p_reason text, p_actor text, p_at timestamptz, p_ends jsonb, p_costs jsonb, p_decided boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_catalog', 'pg_temp'
AS $function$
declare
  step    text := format('order:%s:settle', p_order);
  placed  orders;
  charged bigint;
begin
  -- Lock order, as in record_reports: batches before their order. A report and a settlement at the
  -- same moment must not deadlock.
  perform from batches where order_id = p_order order by batch for update;
  select * into strict placed from orders where id = p_order for update;
  perform assert_possible_end(placed, p_status, p_delivered);
  if not take_step(step, jsonb_build_object('status', p_status, 'delivered', p_delivered)) then
    return false;
  end if;
  if not p_decided then
    perform assert_all_ended(placed, p_delivered, p_ends);
  end if;
  if escrow_of(p_order) <> placed.price then
    raise exception using errcode = 'HF003',
      message = format('order %s does not hold its price', p_order);
  end if;
  charged := charge_for(placed.unit_price, p_delivered);
  update orders set status = p_status, reason = p_reason, attention = 'none',
      delivered = p_delivered, charge = charged, refunded = placed.price - charged,
      settled_at = p_at, next_run_at = null, paused_at = null, paused_by = null,
      completed_at = case when p_status = 'Completed' then p_at end,
      refill_until = case when p_status = 'Completed' and refill_days > 0
        then p_at + refill_days * interval '24 hours' end,
      version = version + 1
    where id = p_order;
  perform end_batches(p_order, p_ends, p_at);
  perform book_cost(p_order, batch, cost, raw)
    from jsonb_to_recordset(p_costs) as c(batch integer, cost bigint, raw text);
  perform add_event(p_order, 'order.' || lower(p_status), p_actor, p_at,
    jsonb_strip_nulls(jsonb_build_object('delivered', p_delivered, 'reason', p_reason)));
  perform move_money(step, 'charge', 'escrow:' || p_order, 'revenue', charged, p_order);
  perform move_money(step, 'refund', 'escrow:' || p_order, 'wallet:' || placed.account_id,
    placed.price - charged, p_order);
  if escrow_of(p_order) <> 0 then
    raise exception using errcode = 'HF003',
      message = format('order %s left money in escrow', p_order);
  end if;
  return true;
end $function$;

CREATE OR REPLACE FUNCTION public.show_order(p_order bigint, p_alert text, p_why text)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  at     timestamptz := clock_timestamp();
  raised boolean := raise_alert(p_alert, 'order:' || p_order, p_why, at);
begin
  update orders set attention = 'review', version = version + 1
    where id = p_order and settled_at is null and attention in ('none', 'stalled', 'paused');
  if found then
    perform add_event(p_order, 'order.review', 'system', at, jsonb_build_object('why', p_why));
  end if;
  return raised;
end $function$;

CREATE OR REPLACE FUNCTION public.skip_ids(p_count bigint)
 RETURNS bigint
 LANGUAGE sql
AS $function$
  select setval(s.name, nextval(s.name) + p_count * s.times)
    from (values
      (pg_get_serial_sequence('refills', 'id')::regclass, 1),
      (pg_get_serial_sequence('mass_placements', 'id')::regclass, 1),
      (pg_get_serial_sequence('bulk_resolutions', 'id')::regclass, 1),
      (pg_get_serial_sequence('events', 'id')::regclass, 20)) s(name, times);
  select setval('order_ids', nextval('order_ids') + p_count)
$function$;

CREATE OR REPLACE FUNCTION public.stalled_batches(p_provider integer)
 RETURNS SETOF batches
 LANGUAGE sql
 STABLE
AS $function$
  select b.* from batches b join orders o on o.id = b.order_id
    where b.provider_id = p_provider and b.state = 'running' and b.terminal_at is null
      and b.stalled_since is null and o.paused_at is null
      and b.progress_at < clock_timestamp() - make_interval(secs => o.stall_after_seconds)
$function$;

CREATE OR REPLACE FUNCTION public.start_after(p_had bigint, p_said bigint, p_begun boolean)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case when p_had > 0 then p_had when p_said > 0 then p_said
    when p_had = 0 or (p_said = 0 and p_begun) then 0 end
$function$;

CREATE OR REPLACE FUNCTION public.stop_answered(p_order bigint, p_batch integer, p_answer text, p_at timestamptz)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update batches set stop_asked_at = p_at, stop_answer = p_answer
    where order_id = p_order and batch = p_batch;
  if found then
    update orders set version = version + 1 where id = p_order;
    perform add_event(p_order, 'stop.asked', 'provider', p_at,
      jsonb_build_object('batch', p_batch, 'answer', p_answer));
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.store_order_state(p_order bigint, p_attention text, p_reason text, p_paused_at timestamptz, p_paused_by text, p_canceled_by text, p_next_run timestamptz, p_batches jsonb, p_notes jsonb, p_at timestamptz, p_restart boolean, p_settled boolean, p_refill jsonb, p_run text, p_event integer)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.supported_total(p_order bigint, p_batch integer, p_delivered bigint)
 RETURNS bigint
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(sum(case
      when provider_order is null then 0
      when batch = p_batch then least(coalesce(supported, quantity), p_delivered)
      else coalesce(supported, quantity) end), 0)::bigint
    from batches where order_id = p_order and refill is null
$function$;

CREATE OR REPLACE FUNCTION public.take_attempt(p_order bigint, p_batch integer, p_attempt integer, p_sends integer, p_at timestamptz, p_usual_sends integer, p_given_up_after double precision)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  at timestamptz := greatest(p_at, clock_timestamp());
  asked integer;
  mine  integer;
begin
  perform from batches where order_id = p_order and batch = p_batch for update;
  select account_id into mine from orders where id = p_order for share;
  if not may_be_sent(p_order, p_batch) then
    return false;
  end if;
  select provider_id into asked from attempts
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'intent';
  if has_room(asked, mine, at, p_usual_sends, p_given_up_after) is not true then
    return false;
  end if;
  update attempts set state = 'sending', sends = sends + 1, sending_at = clock_timestamp()
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'intent'
      and sends = coalesce(p_sends, sends);
  if not found then
    return false;
  end if;
  perform sending_begins(p_order, p_batch);
  return true;
end $function$;

CREATE OR REPLACE FUNCTION public.take_deliveries(p_most integer, p_each integer, p_busy integer[], p_lease integer)
 RETURNS TABLE(event_id bigint, endpoint_id integer, round integer, receiver integer)
 LANGUAGE sql
AS $function$
  with recursive waiting(id) as (
    -- Steps from one endpoint to the next by the index, without reading all deliveries of each.
    (select d.endpoint_id from webhook_deliveries d
      where d.state = 'pending' order by d.endpoint_id limit 1)
    union all
    select (select d.endpoint_id from webhook_deliveries d
              where d.state = 'pending' and d.endpoint_id > w.id order by d.endpoint_id limit 1)
      from waiting w where w.id is not null
  ), turn as (
    -- Random order, so that no endpoint is always the last.
    select one.id, one.receiver from (
      select distinct on (receiver) e.id, receiver_of(e) as receiver
        from waiting w join webhook_endpoints e on e.id = w.id
        where exists (select from webhook_deliveries d
          where d.endpoint_id = e.id and d.state = 'pending' and d.next_attempt_at <= now())
        order by receiver, random()) one
      where one.receiver <> all (p_busy) order by random() limit p_most
  ), due as (
    select d.endpoint_id, d.event_id, t.receiver from turn t cross join lateral (
      select p.endpoint_id, p.event_id from webhook_deliveries p
        where p.endpoint_id = t.id and p.state = 'pending' and p.next_attempt_at <= now()
        order by p.next_attempt_at limit p_each for update skip locked) d
      limit p_most
  )
  update webhook_deliveries d set next_attempt_at = now() + make_interval(secs => p_lease)
    from due where d.endpoint_id = due.endpoint_id and d.event_id = due.event_id
    returning d.event_id, d.endpoint_id, d.round, due.receiver
$function$;

CREATE OR REPLACE FUNCTION public.take_reports(p_provider integer, p_after bigint, p_after_batch integer, p_to bigint, p_most integer, p_resend integer, p_parked integer)
 RETURNS SETOF batches
 LANGUAGE sql
AS $function$
  update batches b set reported_at = clock_timestamp()
    from (
      select order_id, batch from batches
        where provider_id = p_provider and state = 'running' and report_version > acked_version
          and (order_id, batch) > (p_after, p_after_batch)
          and order_id <= coalesce(p_to, 9223372036854775807)
          and (reported_at is null or reported_at < clock_timestamp() - make_interval(secs =>
            case when exists (select from alerts where kind = 'order_parked'
                and subject = 'order:' || order_id and resolved_at is null)
              then p_parked else p_resend end))
        order by order_id, batch limit p_most for update skip locked
    ) due
    where b.order_id = due.order_id and b.batch = due.batch
    returning b.*
$function$;

CREATE OR REPLACE FUNCTION public.take_step(p_key text, p_payload jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  taken jsonb;
begin
  insert into money_steps (key, payload) values (p_key, p_payload) on conflict (key) do nothing;
  if found then
    return true;
  end if;
  select payload into strict taken from money_steps where key = p_key;
  if taken <> p_payload then
    raise exception using errcode = 'HF001',
      message = format('money step %s was taken with another payload', p_key),
      detail = format('first %s, now %s', taken, p_payload);
  end if;
  return false;
end $function$;
revoke execute on function take_step(text,jsonb) from public;

CREATE OR REPLACE FUNCTION public.take_up_order(p_order bigint, p_how text, p_most integer, p_seconds integer)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  at   timestamptz := clock_timestamp();
  mine order_restarts;
begin
  insert into order_restarts (order_id, times, since) values (p_order, 0, at)
    on conflict do nothing;
  select * into strict mine from order_restarts where order_id = p_order for update;
  if mine.given_up_at is null and mine.since < at - make_interval(secs => p_seconds) then
    mine.times := 0;
    mine.since := at;
  end if;
  if mine.given_up_at is not null or mine.times >= p_most then
    update order_restarts set given_up_at = coalesce(given_up_at, at) where order_id = p_order;
    perform show_order(p_order, 'order_lost', format(
      'its workflow was lost several times, the last time: %s; it is not started again',
      p_how));
    return false;
  end if;
  update order_restarts set times = mine.times + 1, since = mine.since where order_id = p_order;
  perform raise_alert('order_lost', 'order:' || p_order,
    format('its workflow was lost: %s; it is started again', p_how), at);
  return true;
end $function$;

CREATE OR REPLACE FUNCTION public.trouble_concerns(p providers, p_account integer)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select p.paused_for_all or p_account = any(p.failed_accounts)
$function$;

CREATE OR REPLACE FUNCTION public.uncertain_attempts(p_order bigint, p_provider integer)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(
      jsonb_agg(jsonb_build_object('batch', batch, 'attempt', attempt) order by batch), '[]')
    from attempts
    where order_id = p_order and state = 'unknown' and may_be_sent(order_id, batch)
      and provider_id = coalesce(p_provider, provider_id)
$function$;

CREATE OR REPLACE FUNCTION public.verify_accounts(p_transfers bigint[])
 RETURNS TABLE(item text, check_name text, subject text, detail text)
 LANGUAGE sql
 STABLE
AS $function$
  select id::text, 'accounts of a transfer', 'transfer:' || id,
         format('%s from %s to %s', kind, debit, credit)
    from transfers where id = any (p_transfers) and case kind
      when 'deposit'    then debit = 'external' and credit = 'wallet:' || wallet_id
      when 'debit'      then debit = 'wallet:' || wallet_id and credit = 'external'
      when 'hold'       then debit = 'wallet:' || wallet_id and credit = 'escrow:' || order_id
      when 'charge'     then debit = 'escrow:' || order_id and credit = 'revenue'
      when 'refund'     then debit = 'escrow:' || order_id and credit = 'wallet:' || wallet_id
      when 'correction' then debit = 'revenue' and credit = 'wallet:' || wallet_id
      when 'cost'       then debit like 'cost:%' and credit = 'payable:' || substr(debit, 6)
      when 'rebate'     then credit like 'cost:%' and debit = 'payable:' || substr(credit, 6)
      when 'recovery'   then debit like 'payable:%' and credit = 'loss'
      else debit = 'loss' end is not true
  union all
  select t.id::text, 'transfer without order', 'transfer:' || t.id, t.kind
    from transfers t left join orders o on o.id = t.order_id
    where t.id = any (p_transfers) and t.kind not in ('deposit', 'debit') and o.id is null
$function$;

CREATE OR REPLACE FUNCTION public.verify_batch_losses(p_orders bigint[])
 RETURNS TABLE(item text, check_name text, subject text, detail text)
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(b.order_id, t.order_id)::text, 'loss and batch',
         format('order:%s:batch:%s', coalesce(b.order_id, t.order_id), coalesce(b.batch, t.batch)),
         format('the batch says %s to %s, transfers say %s to %s',
           coalesce(b.lost, 0), b.payee, coalesce(t.amount, 0), t.payee)
    from (select order_id, batch, lost, 'payable:' || provider_id as payee
            from batches where order_id = any (p_orders) and lost > 0) b
    full join (select order_id, split_part(step, ':', 4)::integer as batch,
              sum(case kind when 'loss' then amount else -amount end) as amount,
              string_agg(distinct case kind when 'loss' then credit else debit end, ', ') as payee
            from transfers
            where order_id = any (p_orders) and kind in ('loss', 'recovery')
              and step like 'order:%:batch:%:loss:%'
            group by order_id, split_part(step, ':', 4)) t
      on (t.order_id, t.batch) = (b.order_id, b.batch)
    where coalesce(b.lost, 0) <> coalesce(t.amount, 0)
      or (b.payee is not null and b.payee is distinct from t.payee)
$function$;

CREATE OR REPLACE FUNCTION public.verify_charges(p_orders bigint[])
 RETURNS TABLE(item text, check_name text, subject text, detail text)
 LANGUAGE sql
 STABLE
AS $function$
  select id::text, 'charge and delivered', 'order:' || id,
         format('charged %s for %s delivered', charge, delivered)
    from orders
    where id = any (p_orders) and settled_at is not null
      and charge <> charge_for(unit_price, delivered)
  union all
  select o.id::text, 'status and step', 'order:' || o.id,
         format('%s with %s delivered, by its last step %s with %s', o.status, o.delivered,
           s.payload->>'status', s.payload->>'delivered')
    from orders o left join money_steps s on s.key = 'order:' || o.id
      || case o.corrections when 0 then ':settle' else ':correct:' || o.corrections end
    where o.id = any (p_orders) and o.settled_at is not null
      and (s.payload->>'status', (s.payload->>'delivered')::bigint)
        is distinct from (o.status, o.delivered)
$function$;

CREATE OR REPLACE FUNCTION public.verify_claims(p_claims bigint[])
 RETURNS TABLE(item text, check_name text, subject text, detail text)
 LANGUAGE sql
 STABLE
AS $function$
  select c.order_id::text, 'claim without order', 'order:' || c.order_id,
         'the claim says order, there is none'
    from claims c left join orders o on o.id = c.order_id
    where c.order_id = any (p_claims) and c.state = 'order' and o.id is null
$function$;

CREATE OR REPLACE FUNCTION public.verify_corrections(p_orders bigint[])
 RETURNS TABLE(item text, check_name text, subject text, detail text)
 LANGUAGE sql
 STABLE
AS $function$
  with corrections as (
    select o.id, n, o.unit_price,
           (b.payload->>'delivered')::bigint as before, (s.payload->>'delivered')::bigint as after,
           (select coalesce(sum(amount), 0) from transfers
             where step = s.key and kind = 'correction') as given_back
      from orders o cross join generate_series(1, o.corrections) n
      left join money_steps b on b.key = 'order:' || o.id
        || case n when 1 then ':settle' else ':correct:' || n - 1 end
      left join money_steps s on s.key = 'order:' || o.id || ':correct:' || n
      where o.id = any (p_orders) and o.corrections > 0
  ), due as (
    select *, charge_for(unit_price, before) - charge_for(unit_price, after) as owed
      from corrections
  )
  select id::text, 'correction and step', 'order:' || id,
         format('correction %s gave back %s, its steps say %s', n, given_back, owed)
    from due where (given_back = owed and after < before) is not true
$function$;

CREATE OR REPLACE FUNCTION public.verify_costs(p_orders bigint[])
 RETURNS TABLE(item text, check_name text, subject text, detail text)
 LANGUAGE sql
 STABLE
AS $function$
  select order_id::text, 'more rebate than cost',
         'order:' || order_id || ':batch:' || split_part(step, ':', 4),
         format('%s more', -sum(case kind when 'cost' then amount else -amount end))
    from transfers where order_id = any (p_orders) and kind in ('cost', 'rebate')
    group by order_id, split_part(step, ':', 4)
    having sum(case kind when 'cost' then amount else -amount end) < 0
$function$;

CREATE OR REPLACE FUNCTION public.verify_deposits(p_steps text[])
 RETURNS TABLE(item text, check_name text, subject text, detail text)
 LANGUAGE sql
 STABLE
AS $function$
  select s.key, 'step without transfer', s.key, 'a money step moved nothing' from money_steps s
    where s.key = any (p_steps) and (s.key like 'deposit:%' or s.key like 'debit:%')
      and not exists (select from transfers t where t.step = s.key)
$function$;

CREATE OR REPLACE FUNCTION public.verify_escrow(p_orders bigint[])
 RETURNS TABLE(item text, check_name text, subject text, detail text)
 LANGUAGE sql
 STABLE
AS $function$
  with per_order as (
    select o.id, o.price, o.charge, o.refunded, o.settled_at, t.*
      from orders o cross join lateral (
        select coalesce(sum(amount) filter (where credit = 'escrow:' || o.id), 0) as held,
               coalesce(sum(amount) filter (where debit = 'escrow:' || o.id), 0) as released,
               coalesce(sum(amount) filter (where kind = 'charge'), 0) as charged,
               coalesce(sum(amount) filter (where kind = 'refund'), 0) as given_back,
               coalesce(sum(amount) filter (where kind = 'correction'), 0) as corrected
          from transfers where order_id = o.id) t
      where o.id = any (p_orders)
  )
  select id::text, 'hold', 'order:' || id, format('holds %s, price %s', held, price)
    from per_order where held <> price
  union all
  select id::text, 'open order escrow', 'order:' || id,
         format('released %s before its settlement', released)
    from per_order where settled_at is null and released <> 0
  union all
  select id::text, 'settled order escrow', 'order:' || id,
         format('%s left in escrow', held - released)
    from per_order where settled_at is not null and held <> released
  union all
  select id::text, 'charge and refund', 'order:' || id,
         format('order says %s + %s, transfers say %s + %s',
           charge, refunded, charged - corrected, given_back + corrected)
    from per_order
    where settled_at is not null
      and (charge <> charged - corrected or refunded <> given_back + corrected)
  union all
  select id::text, 'price split', 'order:' || id,
         format('%s + %s is not %s', charge, refunded, price)
    from per_order where charge + refunded <> price
$function$;

CREATE OR REPLACE FUNCTION public.verify_late_losses(p_orders bigint[])
 RETURNS TABLE(item text, check_name text, subject text, detail text)
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(l.order_id, t.order_id)::text, 'loss and late order',
         'order:' || coalesce(l.order_id, t.order_id),
         format('late orders say %s to %s, transfers say %s to %s',
           coalesce(l.loss, 0), l.payee, coalesce(t.amount, 0), t.payee)
    from (select order_id, format('order:%s:late:%s:loss', order_id, id) as step, loss,
              'payable:' || provider_id as payee
            from late_orders where order_id = any (p_orders) and loss > 0) l
    full join (select order_id, step, sum(amount) as amount, string_agg(credit, ', ') as payee
            from transfers
            where order_id = any (p_orders) and kind = 'loss' and step not like 'order:%:batch:%'
            group by order_id, step) t
      on t.step = l.step
    where (l.order_id, l.loss, l.payee) is distinct from (t.order_id, t.amount, t.payee)
$function$;

CREATE OR REPLACE FUNCTION public.verify_ledger()
 RETURNS TABLE(check_name text, subject text, detail text)
 LANGUAGE sql
 STABLE
AS $function$
  select v.check_name, v.subject, v.detail from (
    select * from verify_transfers(array(select id from transfers))
    union all select * from verify_orders(array(select id from orders))
    union all select * from verify_wallets(array(select account_id::bigint from wallets))
    union all select * from verify_claims(array(select order_id from claims))
    union all select * from verify_deposits(
      array(select key from money_steps where key like 'deposit:%' or key like 'debit:%'))) v
$function$;

CREATE OR REPLACE FUNCTION public.verify_lines(p_transfers bigint[])
 RETURNS TABLE(item text, check_name text, subject text, detail text)
 LANGUAGE sql
 STABLE
AS $function$
  with lines as (
    select t.*, before.id is null as first, o.account_id as owner,
           coalesce(before.wallet_balance, 0)
             + case when t.credit = 'wallet:' || t.wallet_id then t.amount else -t.amount end as due
      from transfers t
      left join transfers before on before.wallet_id = t.wallet_id
        and before.wallet_version = t.wallet_version - 1
      left join orders o on o.id = t.order_id
      where t.id = any (p_transfers) and t.wallet_id is not null
  )
  select id::text, 'wallet chain', 'wallet:' || wallet_id,
         format('line %s does not follow from the one before', wallet_version)
    from lines where first <> (wallet_version = 1) or wallet_balance <> due
  union all
  select id::text, 'wallet below zero', 'wallet:' || wallet_id, format('line %s', wallet_version)
    from lines where wallet_balance < 0
  union all
  select id::text, 'owner', 'order:' || order_id,
         format('transfer %s touches %s', id, 'wallet:' || wallet_id)
    from lines where wallet_id <> owner
$function$;

CREATE OR REPLACE FUNCTION public.verify_orders(p_orders bigint[])
 RETURNS TABLE(item text, check_name text, subject text, detail text)
 LANGUAGE sql
 STABLE
AS $function$
  select * from verify_escrow(p_orders)
  union all select * from verify_charges(p_orders)
  union all select * from verify_corrections(p_orders)
  union all select * from verify_costs(p_orders)
  union all select * from verify_late_losses(p_orders)
  union all select * from verify_batch_losses(p_orders)
  union all
  select o.id::text, 'order without claim', 'order:' || o.id,
         'the claim does not say order: ' || coalesce(c.state, 'there is none')
    from orders o left join claims c on c.order_id = o.id
    where o.id = any (p_orders) and c.state is distinct from 'order'
$function$;

CREATE OR REPLACE FUNCTION public.verify_part(p_part text, p_items text[])
 RETURNS TABLE(item text, check_name text, subject text, detail text)
 LANGUAGE plpgsql
 STABLE
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET jit TO 'off'
AS $function$
begin
  case p_part
    when 'transfers' then return query select * from verify_transfers(p_items::bigint[]);
    when 'orders' then return query select * from verify_orders(p_items::bigint[]);
    when 'wallets' then return query select * from verify_wallets(p_items::bigint[]);
    when 'claims' then return query select * from verify_claims(p_items::bigint[]);
    when 'deposits' then return query select * from verify_deposits(p_items);
  end case;
end $function$;

CREATE OR REPLACE FUNCTION public.verify_steps(p_transfers bigint[])
 RETURNS TABLE(item text, check_name text, subject text, detail text)
 LANGUAGE sql
 STABLE
AS $function$
  select id::text, 'step of a transfer', 'transfer:' || id, format('%s in step %s', kind, step)
    from transfers
    where id = any (p_transfers) and kind <> 'loss' and step not like case kind
      when 'deposit'    then 'deposit:' || wallet_id || ':%'
      when 'debit'      then 'debit:' || wallet_id || ':%'
      when 'hold'       then 'order:' || order_id || ':hold'
      when 'correction' then 'order:' || order_id || ':correct:%'
      when 'cost'       then 'order:' || order_id || ':batch:%:cost'
      when 'rebate'     then 'order:' || order_id || ':batch:%:cost:%'
      when 'recovery'   then 'order:' || order_id || ':batch:%:loss:%'
      else 'order:' || order_id || ':settle' end
$function$;

CREATE OR REPLACE FUNCTION public.verify_transfers(p_transfers bigint[])
 RETURNS TABLE(item text, check_name text, subject text, detail text)
 LANGUAGE sql
 STABLE
AS $function$
  select * from verify_lines(p_transfers)
  union all select * from verify_accounts(p_transfers)
  union all select * from verify_steps(p_transfers)
$function$;

CREATE OR REPLACE FUNCTION public.verify_wallets(p_wallets bigint[])
 RETURNS TABLE(item text, check_name text, subject text, detail text)
 LANGUAGE sql
 STABLE
AS $function$
  select w.account_id::text, 'wallet balance', 'wallet:' || w.account_id,
         format('stored %s after line %s, transfers say %s after line %s',
           w.balance, w.version, coalesce(l.wallet_balance, 0), coalesce(l.wallet_version, 0))
    from wallets w left join lateral (
      select wallet_balance, wallet_version from transfers where wallet_id = w.account_id
        order by wallet_version desc limit 1) l on true
    where w.account_id = any (p_wallets)
      and (w.balance, w.version)
        <> (coalesce(l.wallet_balance, 0), coalesce(l.wallet_version, 0))
$function$;

CREATE OR REPLACE FUNCTION public.waits_for_provider(p_order bigint, p_attention text, p_provider integer)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when p_attention = 'uncertain' then uncertain_attempts(p_order, p_provider) <> '[]'
    when exists (select from batches
        where order_id = p_order and state <> 'done' and provider_id is not null)
      then exists (select from batches
        where order_id = p_order and state <> 'done' and provider_id = p_provider)
    else exists (select from batches where order_id = p_order and provider_id = p_provider) end
$function$;

CREATE OR REPLACE FUNCTION public.wake_outbox()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('holdfast_outbox', '') from outbox where sleeps;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.was_sent_again(p_order bigint, p_batch integer)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (select from batches
    where order_id = p_order and resends = p_batch and refill is null)
$function$;

CREATE OR REPLACE FUNCTION public.watch_work(p_provider integer, p_at timestamptz, p_hours integer, p_stop_minutes integer, OUT running boolean, OUT settled boolean, OUT released boolean, OUT "lastWords" boolean, OUT refills boolean, OUT "refillEnds" boolean, OUT searches boolean, OUT evidence boolean, OUT "lateOrders" boolean, OUT stops boolean)
 RETURNS record
 LANGUAGE sql
 STABLE
 SET enable_seqscan TO 'off'
AS $function$
  select
    exists (select from batches where provider_id = p_provider and state = 'running'),
    exists (select from batches where provider_id = p_provider and next_look_at <= p_at),
    exists (select from held_corrections where provider_id = p_provider and state = 'released'),
    has_words_to_judge(p_provider, p_at, p_hours),
    exists (select from refill_parts where provider_id = p_provider and state = 'asked'),
    exists (select from refills r
      join refill_parts p on p.order_id = r.order_id and p.refill = r.number
      where r.stage <> 'ended' and is_followed(r) and p.provider_id = p_provider),
    exists (select from attempts
      where provider_id = p_provider and state = 'unknown'
        and (next_look_at is null or next_look_at <= clock_timestamp()))
    or exists (select from attempts
      where provider_id = p_provider and state = 'released'
        and decided_at > p_at - make_interval(hours => p_hours)
        and (next_look_at is null or next_look_at <= clock_timestamp())),
    exists (select from attempts a
      where provider_id = p_provider and state = 'unknown' and evidence is not null
        and not is_decided(a)),
    exists (select from late_orders
      where provider_id = p_provider and next_look_at <= clock_timestamp()),
    exists (select from owed_stops(p_provider, p_stop_minutes, p_hours))
$function$;

CREATE OR REPLACE FUNCTION public.webhook_works(p_endpoint integer)
 RETURNS void
 LANGUAGE sql
AS $function$
  update webhook_endpoints set failing_since = null, given_up = 0 where id = p_endpoint;
  select resolve_alert('webhook_failing', 'webhook:' || p_endpoint, clock_timestamp())
$function$;

CREATE OR REPLACE FUNCTION public.why_not_begun(p_order bigint, p_batch integer, p_at timestamptz, p_usual_sends integer, p_given_up_after double precision, OUT queued boolean, OUT paused_seconds double precision, OUT full_at integer, OUT failed boolean)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
declare
  at   timestamptz := greatest(p_at, clock_timestamp());
  mine integer := (select account_id from orders where id = p_order);
begin
  queued := is_queued(p_order, at);
  failed := exists (select from attempts where order_id = p_order and batch = p_batch
    and state = 'refused' and detail not in ('refused', 'wait'));
  select min(coalesce(extract(epoch from greatest(r.paused_until, at) - at), 0)),
      min(r.provider_id) filter (where coalesce(r.paused_until <= at, true)
        and room_for_sends(r.provider_id, mine, p_usual_sends, p_given_up_after) <= 0)
    into paused_seconds, full_at from routes_left(p_order, p_batch) r;
  if not queued and paused_seconds is not null then
    perform batch_waits(p_order, p_batch, at);
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.write_order_state(p_order bigint, p_attention text, p_reason text, p_paused_at timestamptz, p_paused_by text, p_canceled_by text, p_next_run timestamptz, p_batches jsonb, p_notes jsonb, p_at timestamptz, p_restart boolean, p_settled boolean, p_refill jsonb)
 RETURNS boolean
 LANGUAGE sql
AS $function$
  select store_order_state(p_order, p_attention, p_reason, p_paused_at, p_paused_by, p_canceled_by,
    p_next_run, p_batches, p_notes, p_at, p_restart, p_settled, p_refill, null, null)
$function$;
