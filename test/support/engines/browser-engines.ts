import { withEngines } from './run-engines.ts';

/** A given TEMPORAL_ADDRESS does not tell where its Web UI is, so the browser tests then start a server of their own. */
export default withEngines(
  'postgres',
  process.env.TEMPORAL_ADDRESS === undefined ? 'temporal' : 'ownTemporal',
  'workflows',
);
