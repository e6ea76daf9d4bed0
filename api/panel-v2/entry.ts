/** A field as it was sent. Its value is decoded only on demand, so a stranger's values never are. */
export interface Entry {
  readonly name: string;
  /** @throws Refusal when it cannot be decoded. */
  readonly value: () => unknown;
}
