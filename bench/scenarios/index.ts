import type { Scenario } from '../scenario.ts';
import { beside } from './beside.ts';
import { drip } from './drip.ts';
import { idle } from './idle.ts';
import { inFlight } from './in-flight.ts';
import { ledger } from './ledger.ts';
import { livePages } from './live-pages.ts';
import { order } from './order.ts';
import { overload } from './overload.ts';
import { pages } from './pages.ts';
import { place } from './place.ts';
import { proof } from './proof.ts';
import { reads } from './reads.ts';
import { rolling } from './rolling.ts';
import { start } from './start.ts';
import { watch } from './watch.ts';
import { webhooks } from './webhooks.ts';
import { workers } from './workers.ts';

/** All scenarios, in the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  place,
  order,
  overload,
  beside,
  workers,
  rolling,
  idle,
  inFlight,
  watch,
  drip,
  webhooks,
  ledger,
  proof,
  reads,
  pages,
  livePages,
  start,
];
