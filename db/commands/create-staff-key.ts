/**
 * `npm run create:staff-key -- <name>`: makes a staff key in DATABASE_URL and prints it once. An installation's first staff key
 * is made this way.
 */
import { createStaffKey } from '../account/accounts.ts';
import { connect } from '../client.ts';
import { databaseEnvironment, databaseTls } from '../settings/database.ts';
import { readEnvironment } from '../settings/environment.ts';

const config = readEnvironment(databaseEnvironment, process.env);
const [name = 'staff'] = process.argv.slice(2);
const sql = connect(config.DATABASE_URL, { name: 'holdfast-staff-key', max: 1, tls: databaseTls(config) });
try {
  const { key } = await createStaffKey(sql, { name });
  console.log(key);
} finally {
  await sql.end({ timeout: 5 });
}
