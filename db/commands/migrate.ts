/**
 * `npm run migrate`: brings DATABASE_URL to this version, as the owner of its tables, and grants new tables to the role that API and
 * worker connect as, APP_ROLE, which owns nothing. With APP_PASSWORD it makes that role; give API and worker an address with it.
 */
import { ensureApplicationRole, grantApplicationRole } from '../application-role.ts';
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
  const { APP_ROLE: name, APP_PASSWORD: password } = config;
  if (password !== undefined) await ensureApplicationRole(sql, { name, password });
  if (password !== undefined || (await grantApplicationRole(sql, name)))
    console.log(`the role ${name} has the rights that API and worker need`);
  else console.log(`there is no role ${name} for API and worker; give APP_PASSWORD to make it`);
} finally {
  await sql.end({ timeout: 5 });
}
