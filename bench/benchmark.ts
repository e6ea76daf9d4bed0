import type { Endings } from './endings.ts';
import type { Engines } from './engines.ts';
import type { Size } from './sizes.ts';

/** What a benchmark has to work with. */
export interface Bench {
  readonly engines: Engines;
  readonly size: Size;
  /** Whatever it opens is ended by these, also when the command is interrupted. */
  readonly endings: Endings;
}

/** Both sides of a comparison, opened. A round of either is a figure in the benchmark's unit. */
export interface Sides {
  /** What the product does. */
  readonly work: () => Promise<number>;
  /** The least that it could cost on these engines. */
  readonly floor: () => Promise<number>;
  /**
   * Looks at everything that all rounds have done, and says in a line what holds.
   * @throws Error when an order was lost, sent twice, or the books drift: then a speed says nothing.
   */
  readonly prove: () => Promise<string>;
}

/** Something that is claimed about speed, against a floor measured in the same run. */
export interface Benchmark {
  readonly name: string;
  readonly work: string;
  readonly floor: string;
  /** The unit of both figures: something a second (more is better) or a count (less is better). */
  readonly unit: string;
  readonly open: (bench: Bench) => Promise<Sides>;
}
