import { z } from 'zod';
import { masterKey } from '../config.ts';
import { databaseSettings } from './database.ts';
import { optionally, secret, setting, valueOrFile } from './setting.ts';

/** The environment of `npm run migrate`. */
export const migrateEnvironment = z.object({
  ...databaseSettings,
  APP_ROLE: setting(
    z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/)
      .default('holdfast_app'),
    'name of a role',
    'the role of API and worker, which `migrate` makes when it has `APP_PASSWORD`',
  ),
  ...valueOrFile(
    'APP_PASSWORD',
    setting(optionally(z.string().min(16)), 'at least 16 characters', 'the password that this role gets', secret),
  ),
});

/** The environment of `npm run rotate:master-key`. */
export const rotateMasterKeyEnvironment = z.object({
  ...databaseSettings,
  ...valueOrFile('HOLDFAST_MASTER_KEY', setting(masterKey.clone(), '32 bytes in base64', 'the key in use', secret)),
  ...valueOrFile(
    'HOLDFAST_NEW_MASTER_KEY',
    setting(masterKey.clone(), '32 bytes in base64', 'the key that the secrets are sealed with from now on', secret),
  ),
});
