import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createStaffKey } from '../../db/account/accounts.ts';
import { ensureApplicationRole, urlOf } from '../../db/application-role.ts';
import { connect } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { keptSecret, readIfThere } from '../files.ts';
import type { Home } from './home.ts';

export type PreparedDatabase = {
  adminKey: string;
  /**
   * Url for the API and the worker. On the stack's own server they connect as a role that owns nothing; a given `DATABASE_URL` is
   * used unchanged.
   */
  programsUrl: string;
};

/** Migrates the database to this version and ensures that the state folder's staff key works. */
export async function prepareDatabase(url: string, home: Home, given: boolean): Promise<PreparedDatabase> {
  const sql = connect(url, { name: 'holdfast-start', max: 2 });
  try {
    await migrate(sql);
    const file = join(home.secrets, 'staff-key');
    const kept = (await readIfThere(file))?.trim();
    const { key } = await createStaffKey(sql, kept ? { key: kept } : {});
    const adminKey = await keptSecret(file, () => key);
    if (given) return { adminKey, programsUrl: url };
    const password = await keptSecret(join(home.secrets, 'app-password'), () => randomBytes(24).toString('base64url'));
    const role = { name: 'holdfast_app', password };
    await ensureApplicationRole(sql, role);
    return { adminKey, programsUrl: urlOf(url, role) };
  } finally {
    await sql.end({ timeout: 5 });
  }
}
