import type { Log } from '../dev/config.ts';
import type { Endings } from './endings.ts';
import type { Engines } from './engines.ts';
import type { Figures } from './figures.ts';
import type { LateTasks } from './measure/histories.ts';
import type { Size } from './sizes.ts';
import type { Row } from './table.ts';

/** The resources of a scenario. */
export interface Bench {
  readonly engines: Engines;
  readonly size: Size;
  /** Ends everything the scenario opens, also when the command is interrupted. */
  readonly endings: Endings;
  readonly log: Log;
}

/** What a scenario measured. */
export interface Outcome {
  /** Its lines of the table; the scenario's name is added. */
  readonly rows: readonly Omit<Row, 'scenario'>[];
  readonly figures: Figures;
  /** What was checked, as one line. */
  readonly proof: string;
  /** Tasks that waited too long, from the histories; absent: the scenario has no workflows. */
  readonly late?: LateTasks;
}

/** A claim about speed or growth. */
export interface Scenario {
  readonly name: string;
  /**
   * Measures, and checks everything that it did.
   * @throws Error when an order was lost or sent twice, or the books drift: then the figures are worthless.
   */
  readonly run: (bench: Bench) => Promise<Outcome>;
}
