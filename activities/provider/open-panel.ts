import type { WatchedProvider } from '../../db/batches.ts';
import { open } from '../../db/secrets.ts';
import { callsWithoutLists, readProfile } from '../../domain/provider-profile.ts';
import { taughtWords } from '../../domain/provider-words.ts';
import type { Panel } from './panel.ts';

/** A provider's panel as its row describes it. */
export function openPanel(
  masterKey: Buffer,
  provider: number,
  { url, keyCipher, profile, noLists }: WatchedProvider,
): Panel {
  const known = readProfile(profile);
  return {
    url,
    key: open(masterKey, `provider:${provider}`, keyCipher),
    taught: taughtWords(known.statusWords),
    withoutLists: callsWithoutLists(known, noLists, Date.now()),
  };
}
