/**
 * `npm run rotate:master-key`: seals every secret in the database with another master key. It needs DATABASE_URL,
 * HOLDFAST_MASTER_KEY and HOLDFAST_NEW_MASTER_KEY. Start API and workers with the new key afterwards.
 */
import { z } from 'zod';
import { rotateMasterKey } from '../account/rotation.ts';
import { connect } from '../client.ts';
import { databaseUrl, masterKey, readEnvironment } from '../config.ts';

const environment = z.object({
  DATABASE_URL: databaseUrl,
  HOLDFAST_MASTER_KEY: masterKey,
  HOLDFAST_NEW_MASTER_KEY: masterKey,
});

const config = readEnvironment(environment, process.env);
const sql = connect(config.DATABASE_URL, { name: 'holdfast-rotate', max: 1 });
try {
  const rotated = await rotateMasterKey(sql, config.HOLDFAST_MASTER_KEY, config.HOLDFAST_NEW_MASTER_KEY);
  console.log(
    `${rotated} secrets are sealed with the new key: set it as HOLDFAST_MASTER_KEY and start API and workers again`,
  );
} finally {
  await sql.end({ timeout: 5 });
}
