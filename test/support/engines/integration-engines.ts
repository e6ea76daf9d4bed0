import { withEngines } from './run-engines.ts';

export default withEngines('postgres', 'temporal', 'workflows');
