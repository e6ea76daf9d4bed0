/**
 * `npm run create:staff-key -- <name>`: makes a staff key in DATABASE_URL and prints it once. An installation's first staff key
 * is made this way.
 */
import { z } from 'zod';
import { createStaffKey } from '../account/accounts.ts';
import { connect } from '../client.ts';
import { databaseUrl, readEnvironment } from '../config.ts';

const config = readEnvironment(z.object({ DATABASE_URL: databaseUrl }), process.env);
const [name = 'staff'] = process.argv.slice(2);
const sql = connect(config.DATABASE_URL, { name: 'holdfast-staff-key', max: 1 });
try {
  const { key } = await createStaffKey(sql, { name });
  console.log(key);
} finally {
  await sql.end({ timeout: 5 });
}
