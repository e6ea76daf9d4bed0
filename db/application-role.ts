import { ADVISORY_LOCKS } from './advisory-locks.ts';
import type { Sql, Tx } from './client.ts';

/** The database role of API and worker, which owns nothing. */
export interface ApplicationRole {
  readonly name: string;
  readonly password: string;
}

/** Tables that only the functions of the ledger write, with their owner's rights (`security definer`). */
const LEDGER = ['transfers', 'money_steps', 'wallets'];

/** Records: the role adds rows and never changes them. */
const ONLY_ADDED = ['audit', 'events'];

/** Tables whose rows the role may not delete. */
const NEVER_DELETED = ['accounts', 'orders', 'batches', 'attempts'];

/** Runs a statement with names and texts in it, as `format` of PostgreSQL writes them. */
async function runFormatted(tx: Tx, text: string, ...values: readonly string[]): Promise<void> {
  const [row] = await tx<{ text: string }[]>`select format(${text}, variadic ${[...values]}::text[]) as text`;
  await tx.unsafe((row as { text: string }).text);
}

const hasRole = async (tx: Tx, name: string): Promise<boolean> =>
  (await tx`select from pg_roles where rolname = ${name}`).length > 0;

const lockRole = (tx: Tx) => tx`select pg_advisory_xact_lock(${ADVISORY_LOCKS.applicationRole})`;

/**
 * Makes the role, or gives it this password, and grants what API and worker need and no more: the role can change neither rows of
 * ONLY_ADDED tables nor tables, functions and triggers themselves. The owner runs this after the migrations.
 * @throws PostgresError 42501 when the owner may not make roles.
 */
export async function ensureApplicationRole(sql: Sql, { name, password }: ApplicationRole): Promise<void> {
  await sql.begin(async (tx) => {
    await lockRole(tx);
    // Every attribute is named, so that a role made by hand loses the attributes that it must not have.
    const rights = 'login noinherit nosuperuser nocreatedb nocreaterole';
    await runFormatted(
      tx,
      `${(await hasRole(tx, name)) ? 'alter' : 'create'} role %I ${rights} password %L`,
      name,
      password,
    );
    await grantTo(tx, name);
  });
}

/** Grants the role what it needs, tables that are new included, when it exists; returns whether it does. */
export async function grantApplicationRole(sql: Sql, name: string): Promise<boolean> {
  return sql.begin(async (tx) => {
    await lockRole(tx);
    const isThere = await hasRole(tx, name);
    if (isThere) await grantTo(tx, name);
    return isThere;
  });
}

async function grantTo(tx: Tx, name: string): Promise<void> {
  const run = (text: string, ...values: readonly string[]) => runFormatted(tx, text, ...values);
  const [database] = await tx<{ name: string }[]>`select current_database() as name`;
  await run('revoke create, temporary on database %I from public', (database as { name: string }).name);
  await run('grant connect on database %I to %I', (database as { name: string }).name, name);
  await tx`revoke create on schema public from public`;
  await run('grant usage on schema public to %I', name);
  await run('grant select, insert, update, delete on all tables in schema public to %I', name);
  await run('grant usage, select on all sequences in schema public to %I', name);
  for (const table of LEDGER) await run('revoke insert, update, delete on %I from %I', table, name);
  await run('grant insert (account_id) on wallets to %I', name);
  for (const table of ONLY_ADDED) await run('revoke update, delete on %I from %I', table, name);
  for (const table of NEVER_DELETED) await run('revoke delete on %I from %I', table, name);
  await run('revoke insert, update, delete on migrations, function_installs from %I', name);
}

/** The database's address for the role. */
export function urlOf(url: string, { name, password }: ApplicationRole): string {
  const ours = new URL(url);
  ours.username = encodeURIComponent(name);
  ours.password = encodeURIComponent(password);
  return ours.href;
}
