import { createHash, randomBytes } from 'node:crypto';
import { LIMITS } from '../../domain/limits.ts';
import type { Sql, Tx } from '../client.ts';

/** The pages that a session opens: those of customers or those of staff. */
export type Desk = 'app' | 'ops';

/** A session of the pages, and the key that it acts with. */
export interface SessionRow {
  readonly id: number;
  readonly keyId: number;
  /** The key whose limits count what the session does. */
  readonly limitedAs: number;
  readonly keyName: string;
  readonly accountId: number;
  readonly accountName: string;
  readonly scopes: readonly string[];
  readonly desk: Desk;
  /** The browser, as it names itself. */
  readonly agent: string;
  readonly createdAt: Date;
  /** Accurate to a minute. */
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
}

const BYTES = 32;

/** Expired rows that one sign-in deletes. */
const SWEPT = 100;

const newToken = (): string => randomBytes(BYTES).toString('base64url');

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

const columns = (sql: Sql | Tx) => sql`
  s.id::float8 as id, s.key_id as "keyId", coalesce(k.limited_as, k.id) as "limitedAs", k.name as "keyName", k.account_id as "accountId", a.name as "accountName", k.scopes,
  s.desk, s.agent, s.created_at as "createdAt", s.last_seen_at as "lastSeenAt", s.expires_at as "expiresAt"`;

/** Sessions that still open something: not expired, and with a key that works. */
const open = (sql: Sql | Tx) => sql`
  s.expires_at > clock_timestamp() and k.revoked_at is null and (k.expires_at is null or k.expires_at > clock_timestamp())`;

const joined = (sql: Sql | Tx) => sql`
  sessions s join api_keys k on k.id = s.key_id join accounts a on a.id = k.account_id`;

export interface NewSession {
  readonly keyId: number;
  readonly desk: Desk;
  readonly agent: string;
}

/**
 * Opens a session for LIMITS.sessionHours and returns its token, which is not stored. Sessions of the key above
 * LIMITS.sessionsOfKey end, the oldest first.
 */
export async function openSession(sql: Sql, { keyId, desk, agent }: NewSession): Promise<string> {
  const token = newToken();
  await sql.begin(async (tx) => {
    await tx`
      delete from sessions where id = any (array(
        select id from sessions where expires_at < clock_timestamp() order by expires_at limit ${SWEPT}))`;
    await tx`
      insert into sessions (hash, key_id, desk, agent, expires_at)
        values (${hashOf(token)}, ${keyId}, ${desk}, ${[...agent].slice(0, 200).join('')},
                clock_timestamp() + make_interval(hours => ${LIMITS.sessionHours}))`;
    await tx`
      delete from sessions where id = any (array(
        select id from sessions where key_id = ${keyId} order by id desc offset ${LIMITS.sessionsOfKey}))`;
  });
  return token;
}

/** The open session with this token; undefined when it has ended, or belongs to the other desk. */
export async function findSession(sql: Sql, token: string, desk: Desk): Promise<SessionRow | undefined> {
  const [row] = await sql<(SessionRow & { seenLately: boolean })[]>`
    select ${columns(sql)}, s.last_seen_at > clock_timestamp() - interval '1 minute' as "seenLately"
      from ${joined(sql)} where s.hash = ${hashOf(token)} and s.desk = ${desk} and ${open(sql)}`;
  if (row === undefined) return undefined;
  const { seenLately, ...session } = row;
  if (!seenLately) {
    // Neither awaited nor reported: a page must not fail, or wait for a row lock, because of it.
    sql`update sessions set last_seen_at = clock_timestamp() where id = ${session.id}`.catch(() => {});
  }
  return session;
}

/** Sessions that someone may see and end: those with any key of the account, or with one key alone. */
export interface SessionsOf {
  readonly accountId: number;
  readonly keyId?: number | undefined;
}

const belonging = (sql: Sql | Tx, { accountId, keyId }: SessionsOf) => sql`
  k.account_id = ${accountId} ${keyId === undefined ? sql`` : sql`and k.id = ${keyId}`}`;

/** The open ones of these sessions, newest first: at most LIMITS.sessionsOfKey. */
export async function listSessions(sql: Sql, of: SessionsOf): Promise<SessionRow[]> {
  return sql<SessionRow[]>`
    select ${columns(sql)} from ${joined(sql)} where ${belonging(sql, of)} and ${open(sql)}
      order by s.id desc limit ${LIMITS.sessionsOfKey}`;
}

/** Ends one of these sessions; any other stays. */
export async function endSession(sql: Sql, of: SessionsOf, id: number): Promise<void> {
  await sql`
    delete from sessions s using api_keys k where s.id = ${id} and k.id = s.key_id and ${belonging(sql, of)}`;
}

/** Ends the session with this token. */
export async function endSessionOf(sql: Sql, token: string, desk: Desk): Promise<void> {
  await sql`delete from sessions where hash = ${hashOf(token)} and desk = ${desk}`;
}

/** Makes a link's token, which signs in once within LIMITS.signInLinkMinutes. */
export async function createSignInLink(sql: Sql, { keyId, desk }: Omit<NewSession, 'agent'>): Promise<string> {
  const token = newToken();
  await sql`delete from sign_in_links where expires_at < clock_timestamp()`;
  await sql`
    insert into sign_in_links (hash, key_id, desk, expires_at)
      values (${hashOf(token)}, ${keyId}, ${desk}, clock_timestamp() + make_interval(mins => ${LIMITS.signInLinkMinutes}))`;
  return token;
}

/** Uses up a link. Returns its key; undefined when it was used, has expired, or was never made. */
export async function takeSignInLink(sql: Sql, token: string, desk: Desk): Promise<number | undefined> {
  const [row] = await sql<{ keyId: number }[]>`
    delete from sign_in_links where hash = ${hashOf(token)} and desk = ${desk} and expires_at > clock_timestamp()
      returning key_id as "keyId"`;
  return row?.keyId;
}
