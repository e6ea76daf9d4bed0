import { join } from 'node:path';
import { createStaffKey } from '../db/accounts.ts';
import { connect } from '../db/client.ts';
import { migrate } from '../db/migrate.ts';
import { type Home, keptSecret, readIfThere } from './home.ts';

/** Brings the database to this version and sees to it that the state folder's staff key opens it. Returns that key. */
export async function prepareDatabase(url: string, home: Home): Promise<string> {
  const sql = connect(url, { name: 'holdfast-start', max: 2 });
  try {
    await migrate(sql);
    const file = join(home.secrets, 'staff-key');
    const kept = (await readIfThere(file))?.trim();
    const { key } = await createStaffKey(sql, kept ? { key: kept } : {});
    return await keptSecret(file, () => key);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
