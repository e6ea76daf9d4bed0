import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Home, keptSecret } from './home.ts';

/** Made once for a state folder and kept there, readable by its owner alone. */
export type StackSecrets = {
  /** 32 random bytes, base64: opens the providers' keys in the database. */
  masterKey: string;
  /** The simulated provider's API key. */
  providerKey: string;
};

export async function stackSecrets(home: Home): Promise<StackSecrets> {
  const [masterKey, providerKey] = await Promise.all([
    keptSecret(join(home.secrets, 'master-key'), () => randomBytes(32).toString('base64')),
    keptSecret(join(home.secrets, 'provider-key'), () => randomBytes(24).toString('base64url')),
  ]);
  return { masterKey, providerKey };
}
