/**
 * `npm run promote -- <build>`: lets new workflows begin on a build whose workers run, and running orders move to it. Without a build
 * it lists the builds, and says which workers may stop.
 */
import { Client, Connection } from '@temporalio/client';
import { readEnvironment } from '../../db/settings/environment.ts';
import { temporalConnection, temporalEnvironment } from '../../db/settings/temporal.ts';
import { askTemporalOnce } from '../../net/ask-temporal.ts';
import { listBuilds, setCurrentBuild } from '../runtime/deployment.ts';

const config = readEnvironment(temporalEnvironment, process.env);
const [build] = process.argv.slice(2);
const to = temporalConnection(config);
await askTemporalOnce(to);
const connection = await Connection.connect(to);
try {
  const temporal = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
  if (build !== undefined) await setCurrentBuild(temporal, build);
  const builds = await listBuilds(temporal);
  if (builds.length === 0) console.log('no worker with WORKER_BUILD_ID has run in this namespace');
  for (const { id, isCurrent, isDrained } of builds) {
    const state = isCurrent ? 'current' : isDrained ? 'its workers may stop' : 'its workers are needed';
    console.log(`${id}: ${state}`);
  }
} finally {
  await connection.close();
}
