import { open } from '../../db/account/secrets.ts';
import type { WatchedProvider } from '../../db/delivery/batches.ts';
import { type TaughtWords, taughtWords } from '../../domain/delivery/words.ts';
import { callsWithoutLists, type ListAction, readProfile } from '../../domain/provider/profile.ts';
import type { SetAttributes, Tracing } from '../../net/tracing.ts';
import type { GuardOptions } from '../../net/url-guard.ts';
import type { Deps } from '../runtime/deps.ts';
import type { Exchange } from './exchange.ts';

/** A provider's panel API: its address, our key there, where requests to it may go, and how it deviates from others. */
export interface Panel {
  readonly url: string;
  readonly key: string;
  readonly guard: GuardOptions;
  /** The currency of this installation; absent: the currency of charges is not looked at. */
  readonly currency?: string;
  /** Status words that staff have taught. */
  readonly taught?: TaughtWords;
  /** Actions for which the provider is asked about each order by itself. */
  readonly withoutLists?: ReadonlySet<ListAction>;
  /** Counts a call of an action, its result and its milliseconds; absent: calls are not counted. */
  readonly counted?: (action: string, result: Exchange, ms: number) => void;
  /** Runs a call of an action as a span; absent: calls are not traced. */
  readonly traced?: (action: string, call: (set: SetAttributes) => Promise<Exchange>) => Promise<Exchange>;
}

/** A provider as it is stored; `noLists` is needed only for calls about lists. */
type StoredProvider = Pick<WatchedProvider, 'url' | 'keyCipher' | 'profile'> &
  Partial<Pick<WatchedProvider, 'noLists'>>;

type Opening = Pick<Deps, 'masterKey' | 'allowLoopback' | 'resolve' | 'calls' | 'tracing'> &
  Partial<Pick<Deps, 'currency'>>;

/** Opens a provider's panel: decrypts our key, and reads from the profile where requests may go and how the provider deviates. */
export function openPanel(
  deps: Opening,
  provider: number,
  { url, keyCipher, profile, noLists = {} }: StoredProvider,
): Panel {
  const known = readProfile(profile);
  const { calls, tracing } = deps;
  return {
    url,
    key: open(deps.masterKey, `provider:${provider}`, keyCipher),
    guard: guardOf(deps, known.allowPlainHttp),
    ...(deps.currency === undefined ? {} : { currency: deps.currency }),
    taught: taughtWords(known.statusWords),
    withoutLists: callsWithoutLists(known, noLists, Date.now()),
    ...(calls === undefined ? {} : { counted: (action, result, ms) => calls.note(provider, action, result, ms) }),
    ...(tracing === undefined ? {} : { traced: tracedBy(tracing, provider) }),
  };
}

const tracedBy =
  (tracing: Tracing, provider: number): NonNullable<Panel['traced']> =>
  (action, call) =>
    tracing.within(
      {
        name: 'call of a provider',
        kind: 'client',
        attributes: { 'holdfast.provider': provider, 'holdfast.action': action },
      },
      call,
    );

/** Where requests to an address from staff may go: over plain http only with `allowLoopback` or `plainHttp`. */
export const guardOf = (
  { allowLoopback, resolve }: Pick<Opening, 'allowLoopback' | 'resolve'>,
  plainHttp: boolean,
): GuardOptions => ({
  allowLoopback,
  httpsOnly: !allowLoopback && !plainHttp,
  ...(resolve === undefined ? {} : { resolve }),
});
