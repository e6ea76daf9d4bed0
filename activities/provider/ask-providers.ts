import { readProvider } from '../../db/delivery/batches.ts';
import type { Deps } from '../runtime/deps.ts';
import { expected } from '../runtime/expected.ts';
import { inParallel } from '../runtime/parallel.ts';
import { openPanel, type Panel } from './open-panel.ts';

/** How many batches got no answer, and whether the activity had no time for all. */
export interface Silence {
  readonly silent: number;
  readonly isCut: boolean;
}

/** A provider, and those of the batches that are there. */
export interface Share<B> {
  readonly provider: number;
  readonly panel: Panel;
  readonly batches: readonly B[];
}

/**
 * Asks all providers of an order's batches at once, each about its own. Returns how many batches got no answer.
 * @throws ApplicationFailure when the activity must come back, because there was no time for all; what `ask` throws.
 */
export async function askProviders<B extends { readonly provider: number }>(
  deps: Deps,
  batches: readonly B[],
  ask: (share: Share<B>) => Promise<Silence>,
): Promise<number> {
  const providers = [...new Set(batches.map(({ provider }) => provider))];
  let [silent, isCut] = [0, false];
  await inParallel(providers, Math.max(providers.length, 1), async (provider) => {
    const panel = openPanel(deps, provider, await readProvider(deps.sql, provider));
    const said = await ask({ provider, panel, batches: batches.filter((batch) => batch.provider === provider) });
    silent += said.silent;
    isCut ||= said.isCut;
  });
  if (isCut) throw expected('there was no time to ask about all batches', '1s');
  return silent;
}
