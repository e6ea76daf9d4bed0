/** The result of a provider check. Temporal's history shows it, so it has only counts and our own sentences. */
export interface ProviderChecked {
  /** Whether the catalogue was read. If not, `problem` says why, and nothing has changed. */
  readonly read: boolean;
  readonly problem: string | null;
  /** Whether our balance at the provider was read. */
  readonly balanceRead: boolean;
  readonly services: number;
  /** Rows of the catalogue that could not be read. */
  readonly unreadable: number;
  readonly added: number;
  readonly changed: number;
  readonly gone: number;
  /** Routes that the check held, so that nothing more is sent on them, and routes that it freed. */
  readonly held: number;
  readonly freed: number;
  /** Services whose selling rate changed by their mark-up rules. */
  readonly repriced: number;
}
