import { withEngines } from './run-engines.ts';

/** Of a server that was given, the address of the Web UI is not known. */
export default withEngines(
  'postgres',
  process.env.TEMPORAL_ADDRESS === undefined ? 'temporal' : 'ownTemporal',
  'workflows',
);
