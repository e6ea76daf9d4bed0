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
  /** For API and worker: on a server of our own they are a role that owns nothing. One that was given is used as it was given. */
  programsUrl: string;
};

/** Brings the database to this version and sees to it that the state folder's staff key opens it. */
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
