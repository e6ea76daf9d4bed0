import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { keptSecret } from '../files.ts';
import type { Home } from './home.ts';

/** Secrets of a state folder: made once and kept there, readable only by their owner. */
export type StackSecrets = {
  /** 32 random bytes, base64: decrypts the providers' keys in the database. */
  masterKey: string;
  /** The simulated provider's API key. */
  providerKey: string;
  /** The secret that signs the simulated provider's callbacks. */
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
