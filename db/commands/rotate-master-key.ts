/**
 * `npm run rotate:master-key`: seals every secret in the database with another master key. It needs DATABASE_URL,
 * HOLDFAST_MASTER_KEY and HOLDFAST_NEW_MASTER_KEY. Start API and workers with the new key afterwards.
 */
import { rotateMasterKey } from '../account/rotation.ts';
import { connect } from '../client.ts';
import { rotateMasterKeyEnvironment } from '../settings/commands.ts';
import { databaseTls } from '../settings/database.ts';
import { readEnvironment } from '../settings/environment.ts';

const config = readEnvironment(rotateMasterKeyEnvironment, process.env);
const sql = connect(config.DATABASE_URL, { name: 'holdfast-rotate', max: 1, tls: databaseTls(config) });
try {
  const rotated = await rotateMasterKey(sql, config.HOLDFAST_MASTER_KEY, config.HOLDFAST_NEW_MASTER_KEY);
  console.log(
    `${rotated} secrets are sealed with the new key: set it as HOLDFAST_MASTER_KEY and start API and workers again`,
  );
} finally {
  await sql.end({ timeout: 5 });
}
