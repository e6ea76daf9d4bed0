import { expect } from 'vitest';
import { verifyLedger } from '../../../db/ledger/ledger.ts';
import { type ScriptedPanel, scriptedPanel } from '../peers/panel.ts';
import { Desk } from './desk.ts';
import { openShop, type Shop, type ShopOptions } from './shop.ts';
import { type SkippingWorld, type SkippingWorldOptions, skippingWorld } from './timeskip.ts';

/** A world where time can be skipped, with two scripted providers and a desk that drives orders. */
export interface SkippingDesk {
  readonly world: SkippingWorld;
  readonly desk: Desk;
  readonly panel: ScriptedPanel;
  readonly second: ScriptedPanel;
  /** Opens a shop that buys at the first provider, unless `providers` is given. */
  readonly shop: (options?: ShopOptions) => Promise<Shop>;
  /** Closes everything and expects the ledger to have no drift. */
  readonly close: () => Promise<void>;
}

export async function skippingDesk(options: SkippingWorldOptions = {}): Promise<SkippingDesk> {
  const world = await skippingWorld(options);
  const [panel, second] = await Promise.all([scriptedPanel(), scriptedPanel()]);
  return {
    world,
    desk: new Desk(world),
    panel,
    second,
    shop: (options) => openShop(world.sql, { providers: [panel.url], masterKey: world.masterKey, ...options }),
    close: async () => {
      const drift = await verifyLedger(world.sql);
      await Promise.all([panel.close(), second.close()]);
      await world.close();
      expect(drift).toEqual([]);
    },
  };
}
