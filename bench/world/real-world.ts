import { scriptedPanel } from '../test/support/peers/panel.ts';
import { openWorld } from '../test/support/worlds/world.ts';
import type { Bench } from './benchmark.ts';

/**
 * A world on a real Temporal server, with a shop. Its provider says Completed at the first status call, so no round waits for a
 * delivery. The workers are not started.
 */
export async function openRealWorld({ engines, endings }: Bench) {
  const [postgresUrl, temporalAddress] = await Promise.all([engines.postgres(), engines.temporal()]);
  const panel = await endings.opened('the provider', scriptedPanel, (one) => one.close());
  panel.onStatus = () => ({ status: 'Completed', remains: '0', charge: '0.5', start_count: '10' });
  const world = await endings.opened(
    'the world and its database',
    () => openWorld({ postgresUrl, temporalAddress }),
    (one) => one.close(),
  );
  const shop = await world.shop({ balance: '1000000', providers: [panel.url] });
  return { world, shop, panel, temporalAddress };
}
