import { sharedServer } from '../engines/database.ts';
import { temporalInMemory } from '../engines/engines.ts';
import { openWorld, sharedWorkflows, type World } from './world.ts';

/** A world on a Temporal server of its own, which can be lost. */
export interface OwnTemporal {
  readonly world: World;
  /** The server is gone with all it knew, and an empty one is in its place. */
  loseServer(): Promise<void>;
  close(): Promise<void>;
}

export async function worldOnOwnTemporal(): Promise<OwnTemporal> {
  let server = await temporalInMemory();
  const { address } = server;
  const world = await openWorld({
    ...sharedServer(),
    temporalAddress: address,
    workflows: sharedWorkflows(),
    // The one that every such server has from the beginning.
    namespace: 'default',
  });
  return {
    world,
    loseServer: async () => {
      await server.stop();
      server = await temporalInMemory({ port: Number(address.split(':')[1]) });
    },
    close: async () => {
      await world.close();
      await server.stop();
    },
  };
}
