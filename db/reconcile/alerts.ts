import { LIMITS } from '../../domain/limits.ts';
import type { Sql, Tx } from '../client.ts';

/** The kinds of alerts. The SQL functions raise_alert and resolve_alert raise and resolve them. */
export const ALERT_KINDS = [
  'provider_paused',
  'ledger_drift',
  'order_lost',
  'workflow_orphaned',
  'workflow_stuck',
  'order_unplaceable',
  'order_parked',
  'batch_unwatched',
  'provider_silent',
  'events_behind',
  'provider_balance',
  'provider_currency',
  'provider_word',
  'route_gone',
  'route_unprofitable',
  'route_limits',
  'webhook_failing',
  'watch_failing',
  'report_refused',
  'provider_takes_back',
  'delivered_after_refund',
  'service_slow',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** Something that the operator must look at. */
export interface Alert {
  readonly id: number;
  readonly kind: AlertKind;
  /** What the alert is about, like `provider:3`. */
  readonly subject: string;
  /** The name of the provider or service that the subject names; null for any other. */
  readonly subjectName: string | null;
  readonly detail: string;
  readonly at: Date;
  readonly resolvedAt: Date | null;
  /** Which member of staff resolved it; null when it ended by itself. */
  readonly resolvedBy: string | null;
  /** Which member of staff has seen it, and when. */
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: string | null;
  /** Until when staff do not want to see it. */
  readonly snoozedUntil: Date | null;
  readonly snoozedBy: string | null;
}

/** The name that belongs to a subject like `provider:3`, `word:3:Odd`, `service:7` or `route:7-2`. */
const subjectName = (sql: Sql | Tx) => sql`
  case when subject ~ '^(provider|word):[0-9]{1,9}(:|$)'
         then (select p.name from providers p where p.id = substring(subject from ':([0-9]+)')::integer)
       when subject ~ '^(service|route):[0-9]{1,9}(-|$)'
         then (select s.name from services s where s.id = substring(subject from ':([0-9]+)')::integer) end`;

export const alertColumns = (sql: Sql | Tx) => sql`
  id::float8 as id, kind, subject, ${subjectName(sql)} as "subjectName", detail, at, resolved_at as "resolvedAt", resolved_by as "resolvedBy", acknowledged_at as "acknowledgedAt",
  acknowledged_by as "acknowledgedBy", snoozed_until as "snoozedUntil", snoozed_by as "snoozedBy"`;

/** At most one alert is open for each kind and subject. */
export type AlertKey = Pick<Alert, 'kind' | 'subject'>;

/** Raises an alert; true when none was open. An open alert gets the newer detail. The detail is a sentence of our own. */
export async function raiseAlert(
  sql: Sql | Tx,
  { kind, subject, detail }: AlertKey & Pick<Alert, 'detail'>,
): Promise<boolean> {
  const [row] = await sql<{ raised: boolean }[]>`
    select raise_alert(${kind}, ${subject}, ${detail}, clock_timestamp()) as raised`;
  return row?.raised === true;
}

export async function resolveAlert(sql: Sql | Tx, { kind, subject }: AlertKey): Promise<void> {
  await sql`select resolve_alert(${kind}, ${subject}, clock_timestamp())`;
}

/** An alert to raise with its detail, or to resolve when the detail is undefined. */
export type WantedAlert = AlertKey & { readonly detail: string | undefined };

/** Raises the alerts with a detail and resolves the others, thousands at once; returns those that were not open before. */
export async function setAlerts(sql: Sql | Tx, wanted: readonly WantedAlert[]): Promise<WantedAlert[]> {
  const [wrong, right] = [true, false].map((is) => wanted.filter(({ detail }) => (detail !== undefined) === is));
  await sql`
    select resolve_alert(w.kind, w.subject, clock_timestamp())
      from jsonb_to_recordset(${sql.json(right as never)}) as w(kind text, subject text)
      where exists (select from alerts a where a.kind = w.kind and a.subject = w.subject and a.resolved_at is null)`;
  const rows = await sql<(WantedAlert & { raised: boolean })[]>`
    select w.*, raise_alert(w.kind, w.subject, w.detail, clock_timestamp()) as raised
      from jsonb_to_recordset(${sql.json(wrong as never)}) as w(kind text, subject text, detail text)`;
  return rows.filter(({ raised }) => raised).map(({ kind, subject, detail }) => ({ kind, subject, detail }));
}

/** The subject of an alert about a provider's word; `key` is the word in its compared form. */
const wordSubject = (provider: number, key: string): string => `word:${provider}:${key}`;

/**
 * Raises an alert for each unknown word of a provider, once until the word is taught. `words` has the words by their keys,
 * `profile` is the stored profile with which they were read. Returns the words whose alerts are new.
 */
export async function raiseWordAlerts(
  sql: Sql,
  provider: number,
  words: ReadonlyMap<string, string>,
  profile: unknown,
): Promise<string[]> {
  if (words.size === 0) return [];
  const wanted = [...words].map(([key, word]) => ({
    subject: wordSubject(provider, key),
    detail: `its status "${word}" is not known: teach it with statusWords`,
    word,
  }));
  const rows = await sql<{ word: string }[]>`
    select word from raise_word_alerts(${provider}, ${sql.json(wanted)}, ${sql.json((profile ?? {}) as never)}::jsonb->'statusWords',
      clock_timestamp(), ${LIMITS.wordAlerts}) as word`;
  return rows.map(({ word }) => word);
}

/** Resolves the alerts about words that are known now. */
export async function resolveWordAlerts(tx: Tx, provider: number, keys: readonly string[]): Promise<void> {
  for (const key of keys) await resolveAlert(tx, { kind: 'provider_word', subject: wordSubject(provider, key) });
}

export interface AlertFilter {
  readonly open?: boolean | undefined;
  /** Only ids below this one. */
  readonly before?: number | undefined;
}

/** Alerts, newest first. */
export async function listAlerts(sql: Sql, { open, before }: AlertFilter, limit: number): Promise<Alert[]> {
  return sql<Alert[]>`
    select ${alertColumns(sql)} from alerts
      where true
        ${open === undefined ? sql`` : open ? sql`and resolved_at is null` : sql`and resolved_at is not null`}
        ${before === undefined ? sql`` : sql`and alerts.id < ${before}`}
      order by alerts.id desc limit ${limit}`;
}

/** The subjects of open alerts of a kind, the oldest first. */
export async function openSubjects(sql: Sql, kind: AlertKind, limit: number): Promise<string[]> {
  const rows = await sql<{ subject: string }[]>`
    select subject from alerts where kind = ${kind} and resolved_at is null order by id limit ${limit}`;
  return rows.map(({ subject }) => subject);
}

/** The orders that open alerts of a kind are about, whose subject is `order:<id>`; the oldest alert first. */
export const openOrders = async (sql: Sql, kind: AlertKind, limit: number): Promise<number[]> =>
  (await openSubjects(sql, kind, limit)).map((subject) => Number(subject.slice('order:'.length)));

/** Deletes at most `most` alerts that were resolved more than `days` days ago; returns how many. */
export async function deleteResolvedAlerts(sql: Sql, days: number, most: number): Promise<number> {
  const { count } = await sql`
    delete from alerts where id = any (array(
      select id from alerts where resolved_at < now() - make_interval(days => ${days})
        order by resolved_at limit ${most} for update skip locked))`;
  return count;
}

/** How long the alert about orders that can never be stored stays open after the last of them. */
const UNPLACEABLE_SECONDS = 3_600;

/** Resolves the alerts about orders that can never be stored, UNPLACEABLE_SECONDS after the last of them. */
export async function resolveUnplaceable(sql: Sql): Promise<void> {
  await sql`select resolve_unplaceable(${UNPLACEABLE_SECONDS})`;
}

/** How many alerts of each kind are open. */
export async function countOpenAlerts(sql: Sql): Promise<{ kind: AlertKind; count: number }[]> {
  const rows = await sql<{ kind: AlertKind; count: number }[]>`
    select kind, count(*)::float8 as count from alerts where resolved_at is null group by kind`;
  return ALERT_KINDS.map((kind) => rows.find((row) => row.kind === kind) ?? { kind, count: 0 });
}
