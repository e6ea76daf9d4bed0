import { type ScriptedPanel, scriptedPanel } from '../../test/support/peers/panel.ts';
import type { Shop } from '../../test/support/worlds/shop.ts';
import { openWorld, type World } from '../../test/support/worlds/world.ts';
import type { PostgresEngine, TemporalEngine } from '../engines.ts';
import type { Bench } from '../scenario.ts';
import { newNamespace } from './namespace.ts';

/** A database and a namespace of its own on the run's engines, and a shop. Nothing works on its orders. */
export interface RealWorld {
  readonly world: World;
  readonly shop: Shop;
  readonly panel: ScriptedPanel;
  readonly temporal: TemporalEngine;
  readonly postgres: PostgresEngine;
}

/** Opens the world. Its provider says Completed at the first status call, so nothing waits for a delivery. */
export async function openRealWorld({ engines, endings }: Bench, on = engines.postgres): Promise<RealWorld> {
  const [postgres, temporal] = await Promise.all([on(), engines.temporal()]);
  const panel = await endings.opened('the provider', scriptedPanel, (one) => one.close());
  panel.onStatus = () => ({ status: 'Completed', remains: '0', charge: '0.5', start_count: '10' });
  const namespace = await newNamespace(temporal.address);
  const world = await endings.opened(
    'the world and its database',
    () => openWorld({ postgresUrl: postgres.url, temporalAddress: temporal.address, namespace }),
    (one) => one.close(),
  );
  const shop = await world.shop({ balance: '1000000', providers: [panel.url] });
  return { world, shop, panel, temporal, postgres };
}
