import type { Installation } from '../engines.ts';
import { startCluster } from './cluster.ts';

/** Temporal's services apart on a PostgreSQL of their own, with two workers and two APIs. */
export const CLUSTER: Installation = {
  async startTemporal(starting) {
    const { address, server, store, shards, pids, postgresPid } = await startCluster(starting);
    return {
      address,
      server,
      store,
      shards,
      processes: { Temporal: pids.map(({ pid }) => pid), "Temporal's PostgreSQL": [postgresPid] },
    };
  },
  copies: 2,
};
