/** How much one round of each benchmark does, and how many rounds count. */
export interface Size {
  readonly rounds: number;
  readonly life: { readonly orders: number };
  readonly ledger: { readonly orders: number; readonly connections: number };
  readonly dripFeed: { readonly runs: number };
  readonly watch: { readonly orders: number };
  readonly placing: { readonly orders: number; readonly reads: number; readonly atOnce: number };
}

/** Sized so that a round takes seconds, not minutes. */
export const USUAL: Size = {
  rounds: 5,
  life: { orders: 120 },
  ledger: { orders: 300, connections: 8 },
  dripFeed: { runs: 240 },
  watch: { orders: 1000 },
  placing: { orders: 100, reads: 1500, atOnce: 16 },
};

/** Just enough to show that the benchmarks work. The figures mean nothing. */
export const SMALL: Size = {
  rounds: 1,
  life: { orders: 3 },
  ledger: { orders: 4, connections: 2 },
  dripFeed: { runs: 4 },
  watch: { orders: 101 },
  placing: { orders: 4, reads: 4, atOnce: 2 },
};
