import type { Endings } from './endings.ts';
import type { Engines } from './engines.ts';
import type { Size } from './sizes.ts';

/** The resources of a benchmark. */
export interface Bench {
  readonly engines: Engines;
  readonly size: Size;
  /** Ends everything the benchmark opens, also when the command is interrupted. */
  readonly endings: Endings;
}

/** Both sides of a comparison, opened. Each call runs one round and returns its figure in the benchmark's unit. */
export interface Sides {
  /** Measures the product. */
  readonly work: () => Promise<number>;
  /** Measures the least that the work could cost on these engines. */
  readonly floor: () => Promise<number>;
  /**
   * Checks everything that all rounds did, and returns the result as one line.
   * @throws Error when an order was lost or sent twice, or the books drift: then the figures are worthless.
   */
  readonly prove: () => Promise<string>;
}

/** A claim about speed, measured against a floor in the same run. */
export interface Benchmark {
  readonly name: string;
  readonly work: string;
  readonly floor: string;
  /** The unit of both figures: a rate per second (more is better) or a count (less is better). */
  readonly unit: string;
  readonly open: (bench: Bench) => Promise<Sides>;
}
