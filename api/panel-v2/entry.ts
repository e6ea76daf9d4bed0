/** A field as it was sent. Its value is decoded only on demand, so the values of a caller without a valid key never are. */
export interface Entry {
  readonly name: string;
  /** @throws Refusal when it cannot be decoded. */
  readonly value: () => unknown;
}
