import { open } from '../../db/secrets.ts';
import { readProfile } from '../../domain/provider-profile.ts';
import type { GuardOptions } from '../../net/url-guard.ts';
import type { Deps } from '../deps.ts';
import type { Panel } from './panel.ts';

/** A provider as it is stored. */
interface StoredProvider {
  readonly url: string;
  readonly keyCipher: Buffer;
  readonly profile: unknown;
}

type Opening = Pick<Deps, 'masterKey' | 'allowLoopback' | 'resolve'>;

/** A provider's panel, with its key opened and the guard that its profile asks for. */
export const openPanel = (deps: Opening, provider: number, { url, keyCipher, profile }: StoredProvider): Panel => ({
  url,
  key: open(deps.masterKey, `provider:${provider}`, keyCipher),
  guard: guardOf(deps, readProfile(profile).allowPlainHttp),
});

/** Where requests may go to addresses that staff gave: with plain http only on one machine, or where staff say so. */
export const guardOf = (
  { allowLoopback, resolve }: Pick<Opening, 'allowLoopback' | 'resolve'>,
  plainHttp: boolean,
): GuardOptions => ({
  allowLoopback,
  httpsOnly: !allowLoopback && !plainHttp,
  ...(resolve === undefined ? {} : { resolve }),
});
