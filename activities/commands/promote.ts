/**
 * `npm run promote -- <build>`: lets new workflows begin on a build whose workers run, and running orders move to it. Without a build
 * it lists the builds, and says which workers may stop.
 */
import { Client, Connection } from '@temporalio/client';
import { z } from 'zod';
import { baseEnvironment, readEnvironment } from '../../db/config.ts';
import { listBuilds, setCurrentBuild } from '../runtime/deployment.ts';

const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace } = readEnvironment(
  z.object(baseEnvironment.shape).pick({ TEMPORAL_ADDRESS: true, TEMPORAL_NAMESPACE: true }),
  process.env,
);
const [build] = process.argv.slice(2);
const connection = await Connection.connect({ address });
try {
  const temporal = new Client({ connection, namespace });
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
