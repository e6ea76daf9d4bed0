import { type ProviderReport, type Verdict, verdict } from '../delivery/verdict.ts';

/** A batch of a settled order, and what its provider said of it last. */
export interface SettledBatch {
  readonly quantity: number;
  /** What the last word that could be believed says was delivered; null while there is none: a person settled the order. */
  readonly supported: number | null;
  readonly lastWord: {
    /** Null when there never was one. */
    readonly status: string | null;
    readonly remains: number | null;
    readonly charge: string | null;
  };
}

/**
 * What a provider's word about a settled batch amounts to; undefined when it is no news. Only a last word is news, and each
 * once: providers are asked many times about what they said long ago.
 */
export function newsOf(
  { quantity, supported, lastWord }: SettledBatch,
  said: ProviderReport,
): Exclude<Verdict, { kind: 'running' }> | undefined {
  const news = verdict(said, quantity);
  if (news.kind === 'running') return undefined;
  const repeated =
    said.status === lastWord.status && said.remains === lastWord.remains && said.charge === lastWord.charge;
  // A last word that came while a person settled the order was stored and not acted on.
  const unheard = news.kind === 'ended' && supported === null;
  return repeated && !unheard ? undefined : news;
}
