import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { keptSecret } from '../files.ts';
import type { Home } from './home.ts';

/** Made once for a state folder and kept there, readable by its owner alone. */
export type StackSecrets = {
  /** 32 random bytes, base64: opens the providers' keys in the database. */
  masterKey: string;
  /** The simulated provider's API key. */
  providerKey: string;
  /** What the simulated provider signs its callbacks with. */
  callbackSecret: string;
};

export async function stackSecrets(home: Home): Promise<StackSecrets> {
  const [masterKey, providerKey, callbackSecret] = await Promise.all([
    keptSecret(join(home.secrets, 'master-key'), () => randomBytes(32).toString('base64')),
    keptSecret(join(home.secrets, 'provider-key'), () => randomBytes(24).toString('base64url')),
    keptSecret(join(home.secrets, 'callback-secret'), () => `whsec_${randomBytes(32).toString('base64')}`),
  ]);
  return { masterKey, providerKey, callbackSecret };
}
