import { seal } from '../../db/account/secrets.ts';
import { whyNotUrl } from '../../net/url-guard.ts';
import type { Deps } from '../deps.ts';
import { InvalidRequest } from '../http/problems.ts';

/** @throws InvalidRequest when Holdfast must not send to the address. */
export async function guardAddress({ config }: Deps, url: string, allowPlainHttp: boolean): Promise<void> {
  const allowLoopback = config.ALLOW_LOOPBACK_URLS;
  const why = await whyNotUrl(url, { allowLoopback, httpsOnly: !allowLoopback && !allowPlainHttp });
  if (why !== undefined) throw new InvalidRequest([{ path: 'url', message: why }]);
}

/** Our key at a provider, encrypted for the provider's row. */
export const sealedKey = ({ config }: Deps, provider: number, key: string): Buffer =>
  seal(config.HOLDFAST_MASTER_KEY, `provider:${provider}`, key);

/** The secret of a provider's callbacks, encrypted for the provider's row. */
export const sealedCallbackSecret = ({ config }: Deps, provider: number, secret: string | null): Buffer | null =>
  secret === null ? null : seal(config.HOLDFAST_MASTER_KEY, `callback:${provider}`, secret);
