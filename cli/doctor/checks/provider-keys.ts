import { open } from '../../../db/account/secrets.ts';
import { sealedKeysOfProviders } from '../../../db/provider/sealed-keys.ts';
import { check } from '../check.ts';
import { counted, type Finding, ok, skipped, wrong } from '../finding.ts';
import type { Installation } from '../installation.ts';

const KEY_BYTES = 32;

export interface KeysReading {
  readonly masterKey: 'absent' | 'malformed' | 'given';
  readonly keys: number;
  /** Providers with a key or a callback secret that the master key does not open. */
  readonly closed: readonly { readonly provider: number; readonly name: string; readonly what: string }[];
}

async function read({ settings, database }: Installation): Promise<KeysReading> {
  const sql = await database();
  const { masterKey: text } = settings;
  if (text === undefined) return { masterKey: 'absent', keys: 0, closed: [] };
  const masterKey = Buffer.from(text, 'base64');
  if (masterKey.length !== KEY_BYTES) return { masterKey: 'malformed', keys: 0, closed: [] };
  const sealed = await sealedKeysOfProviders(sql);
  const closed = sealed.filter(({ purpose, cipher }) => !opens(masterKey, purpose, cipher));
  return {
    masterKey: 'given',
    keys: sealed.length,
    closed: closed.map(({ provider, name, what }) => ({ provider, name, what })),
  };
}

function opens(masterKey: Buffer, purpose: string, cipher: Buffer): boolean {
  try {
    open(masterKey, purpose, cipher);
    return true;
  } catch {
    return false;
  }
}

const MASTER_KEY = 'set HOLDFAST_MASTER_KEY to the key that API and worker have';

export function judgeKeys({ masterKey, keys, closed }: KeysReading): Finding[] {
  if (masterKey === 'absent') return [skipped(`no master key is known here; ${MASTER_KEY}`)];
  if (masterKey === 'malformed') return [wrong('HOLDFAST_MASTER_KEY is not 32 bytes in base64', MASTER_KEY)];
  if (closed.length === 0) return [ok(`the master key opens all ${counted(keys, 'key')} of providers`)];
  if (closed.length === keys) {
    return [
      wrong(`the master key opens none of the ${counted(keys, 'key')} of providers: it is another one`, MASTER_KEY),
    ];
  }
  return closed.map(({ provider, name, what }) =>
    wrong(
      `the ${what} of provider ${provider} (${name}) cannot be opened with this master key`,
      `give it anew on /ops/providers/${provider}, or: PATCH /v1/admin/providers/${provider} with ${what === 'key' ? 'key' : 'callbackSecret'}`,
    ),
  );
}

export const providerKeys = check('provider-keys', read, judgeKeys);
