import { findCaller } from '../../db/account/accounts.ts';
import { createSignInLink, type Desk } from '../../db/account/sessions.ts';
import { connect, type Sql } from '../../db/client.ts';
import type { Stack } from './stack.ts';

/** Addresses that sign in once, within some minutes: the demo account at its pages, and staff at theirs. */
export async function signInLinks({ apiUrl, databaseUrl, apiKey, adminKey }: Stack): Promise<Record<Desk, string>> {
  const sql = connect(databaseUrl, { name: 'holdfast-start', max: 1 });
  try {
    const link = (desk: Desk, key: string) => linkFor(sql, apiUrl, desk, key);
    return { app: await link('app', apiKey), ops: await link('ops', adminKey) };
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function linkFor(sql: Sql, apiUrl: string, desk: Desk, key: string): Promise<string> {
  const caller = await findCaller(sql, key);
  if (caller === undefined) throw new Error(`the key for /${desk} does not work`);
  const token = await createSignInLink(sql, { keyId: caller.keyId, desk });
  return `${apiUrl}/${desk}/sign-in?${new URLSearchParams({ link: token })}`;
}
