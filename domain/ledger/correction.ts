import { type ProviderReport, type Verdict, verdict } from '../delivery/verdict.ts';

/** A batch of a settled order, and its provider's last terminal report. */
export interface SettledBatch {
  readonly quantity: number;
  /**
   * Delivered items by the last terminal report without a contradiction; null without one, because a person settled the order.
   */
  readonly supported: number | null;
  readonly lastWord: {
    /** Null when there was no terminal report. */
    readonly status: string | null;
    readonly remains: number | null;
    readonly charge: string | null;
  };
}

/**
 * The verdict on a provider's report about a settled batch; undefined when the report is no news. Only a terminal report is news,
 * and only once: the watch asks about settled batches many times and mostly gets the same answer.
 */
export function newsOf(
  { quantity, supported, lastWord }: SettledBatch,
  said: ProviderReport,
): Exclude<Verdict, { kind: 'running' }> | undefined {
  const news = verdict(said, quantity);
  if (news.kind === 'running') return undefined;
  const repeated =
    said.status === lastWord.status && said.remains === lastWord.remains && said.charge === lastWord.charge;
  // A terminal report that arrived while a person settled the order was stored but not acted on.
  const unheard = news.kind === 'ended' && supported === null;
  return repeated && !unheard ? undefined : news;
}
