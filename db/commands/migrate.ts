/**
 * `npm run migrate`: brings DATABASE_URL to this version, as the owner of its tables. With APP_PASSWORD it also makes the role
 * that API and worker connect as, APP_ROLE, which owns nothing; give them an address with that role.
 */
import { ensureApplicationRole } from '../application-role.ts';
import { connect } from '../client.ts';
import { migrate } from '../migrate.ts';
import { migrateEnvironment } from '../settings/commands.ts';
import { databaseTls } from '../settings/database.ts';
import { readEnvironment } from '../settings/environment.ts';

const config = readEnvironment(migrateEnvironment, process.env);
const sql = connect(config.DATABASE_URL, { name: 'holdfast-migrate', max: 2, tls: databaseTls(config) });
try {
  const { migrations, functions } = await migrate(sql);
  if (migrations.length > 0) console.log(`migrated: ${migrations.join(', ')}`);
  if (functions.length > 0) console.log(`replaced the functions of: ${functions.join(', ')}`);
  if (migrations.length + functions.length === 0) console.log('the database is at this version');
  if (config.APP_PASSWORD !== undefined) {
    await ensureApplicationRole(sql, { name: config.APP_ROLE, password: config.APP_PASSWORD });
    console.log(`the role ${config.APP_ROLE} has the rights that API and worker need`);
  }
} finally {
  await sql.end({ timeout: 5 });
}
