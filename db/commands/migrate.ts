/**
 * `npm run migrate`: brings DATABASE_URL to this version, as the owner of its tables. With APP_PASSWORD it also makes the role
 * that API and worker connect as, APP_ROLE, which owns nothing; give them an address with that role.
 */
import { z } from 'zod';
import { ensureApplicationRole } from '../application-role.ts';
import { connect } from '../client.ts';
import { databaseUrl, optionally, readEnvironment } from '../config.ts';
import { migrate } from '../migrate.ts';

const environment = z.object({
  DATABASE_URL: databaseUrl,
  APP_ROLE: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/)
    .default('holdfast_app'),
  APP_PASSWORD: optionally(z.string().min(16)),
});

const config = readEnvironment(environment, process.env);
const sql = connect(config.DATABASE_URL, { name: 'holdfast-migrate', max: 2 });
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
