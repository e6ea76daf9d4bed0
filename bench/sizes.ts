/** How much each scenario does, and in how many rounds it compares. */
export interface Size {
  readonly rounds: number;
  readonly order: { readonly orders: number; readonly bare: number };
  readonly place: { readonly alone: number; readonly orders: number };
  readonly overload: { readonly orders: number; readonly clients: number };
  readonly beside: { readonly lines: number; readonly singles: number };
  readonly workers: { readonly orders: number };
  /** `seconds`: how long orders are placed before anything is restarted. */
  readonly rolling: { readonly perSecond: number; readonly seconds: number };
  readonly idle: { readonly seconds: number };
  /** `placed`: orders that run at the same time through the stack. `seeded`: as many rows, for the price of one more order. */
  readonly inFlight: {
    readonly few: number;
    readonly placed: number;
    readonly seeded: number;
    readonly samples: number;
  };
  readonly ledger: { readonly orders: number; readonly connections: number };
  readonly proof: { readonly past: number };
  readonly reads: { readonly past: number; readonly fewer: number; readonly samples: number };
  readonly pages: { readonly past: number; readonly samples: number };
  /** `rounds`: polls of the provider in which CPU is measured. */
  readonly livePages: { readonly pages: number; readonly orders: number; readonly rounds: number };
  readonly drip: { readonly runs: number };
  readonly watch: { readonly orders: number; readonly seeded: number };
  readonly webhooks: { readonly orders: number; readonly alone: number };
}

/** Sized so that a scenario takes a minute or two. */
export const USUAL: Size = {
  rounds: 3,
  order: { orders: 200, bare: 400 },
  place: { alone: 60, orders: 400 },
  overload: { orders: 400, clients: 150 },
  beside: { lines: 1_000, singles: 100 },
  workers: { orders: 60 },
  rolling: { perSecond: 10, seconds: 30 },
  idle: { seconds: 60 },
  inFlight: { few: 100, placed: 300, seeded: 10_000, samples: 60 },
  ledger: { orders: 300, connections: 8 },
  proof: { past: 100_000 },
  reads: { past: 100_000, fewer: 1_000, samples: 600 },
  pages: { past: 100_000, samples: 60 },
  livePages: { pages: 50, orders: 200, rounds: 3 },
  drip: { runs: 240 },
  watch: { orders: 1_000, seeded: 20_000 },
  webhooks: { orders: 300, alone: 20 },
};

/** What has been and what runs, in full. Takes an hour. */
export const FULL: Size = {
  ...USUAL,
  beside: { ...USUAL.beside, lines: 5_000 },
  inFlight: { ...USUAL.inFlight, placed: 10_000 },
  proof: { past: 1_000_000 },
  reads: { ...USUAL.reads, past: 1_000_000 },
  watch: { ...USUAL.watch, seeded: 100_000 },
};

/** Just enough to show that the benchmarks work. The figures mean nothing. */
export const SMALL: Size = {
  rounds: 1,
  order: { orders: 3, bare: 3 },
  place: { alone: 2, orders: 20 },
  overload: { orders: 12, clients: 6 },
  beside: { lines: 150, singles: 2 },
  workers: { orders: 4 },
  rolling: { perSecond: 2, seconds: 2 },
  idle: { seconds: 3 },
  inFlight: { few: 2, placed: 4, seeded: 50, samples: 2 },
  ledger: { orders: 4, connections: 2 },
  proof: { past: 2_000 },
  reads: { past: 2_000, fewer: 100, samples: 5 },
  pages: { past: 2_000, samples: 2 },
  livePages: { pages: 2, orders: 4, rounds: 1 },
  drip: { runs: 4 },
  watch: { orders: 101, seeded: 300 },
  webhooks: { orders: 5, alone: 2 },
};
