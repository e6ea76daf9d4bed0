/** What a look at a provider brought; in Temporal's history, so counts and sentences of ours only. */
export interface ProviderChecked {
  /** Whether it said what it sells; if not, `problem` says why and nothing has changed. */
  readonly read: boolean;
  readonly problem: string | null;
  /** Whether it said what is left of our money there. */
  readonly balanceRead: boolean;
  readonly services: number;
  /** Rows of its answer that nothing could be done with. */
  readonly unreadable: number;
  readonly added: number;
  readonly changed: number;
  readonly gone: number;
  /** Routes of ours on which nothing is sent from now on, and those on which it is again. */
  readonly held: number;
  readonly freed: number;
  /** Services that are sold at another rate now, as their rules say. */
  readonly repriced: number;
}
