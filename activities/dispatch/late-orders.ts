import { bookLoss, type DueLateOrder, dueLateOrders, lateOrderLooked } from '../../db/dispatch/late-orders.ts';
import { type ProviderReport, reportOf, verdict } from '../../domain/delivery/verdict.ts';
import { costFromProvider, priceOf } from '../../domain/ledger/money.ts';
import { costOfOne } from '../../domain/ledger/provider-cost.ts';
import { LIMITS } from '../../domain/limits.ts';
import { eachAlone, isRefused } from '../delivery/round-troubles.ts';
import { cancelOrder, orderStatuses, type Panel } from '../provider/panel.ts';
import type { Deps } from '../runtime/deps.ts';

/** When the end of a late order that the database refused is tried again. */
const REFUSED_SECONDS = 600;

/** Follows orders that turned up late to their end: asks for a stop, and books what they cost as a loss. */
export interface LateOrders {
  /** Asks about those that are due, up to 100 in one call. `pollSeconds` is how often the provider wants to be asked. */
  follow(panel: Panel, provider: number, pollSeconds: number): Promise<void>;
}

export function createLateOrders({ sql, log }: Pick<Deps, 'sql' | 'log'>): LateOrders {
  /** What is lost with an order that has ended: the provider's own figure, or its rate for what it delivered. */
  function costOf(late: DueLateOrder, said: ProviderReport | undefined) {
    const charged = said?.charge == null ? undefined : costFromProvider(said.charge);
    const end = said === undefined ? undefined : verdict(said, late.quantity);
    return charged ?? priceOf(costOfOne(late), end?.kind === 'ended' ? end.delivered : late.quantity);
  }

  async function hear(panel: Panel, late: DueLateOrder, said: ProviderReport | undefined, pollSeconds: number) {
    const hasEnded = said !== undefined && verdict(said, late.quantity).kind !== 'running';
    if (hasEnded || late.ageHours > LIMITS.lateOrderHours) {
      const booked = { status: said?.status ?? 'Unknown', charge: said?.charge ?? null, cost: costOf(late, said) };
      if (await bookLoss(sql, late.id, booked)) log.warn({ order: late.orderId, late: late.id }, 'a loss was booked');
      return;
    }
    // Nobody needs it: what it has not delivered need not be paid for. An answer that is lost is asked for again.
    const stopAsked = late.stopAsked || (await cancelOrder(panel, late.providerOrder)) !== 'unanswered';
    await lateOrderLooked(sql, late.id, stopAsked, Math.max(pollSeconds, (late.ageHours * 3_600) / 8));
  }

  return {
    async follow(panel, provider, pollSeconds) {
      const most = panel.withoutLists?.has('status') ? LIMITS.singleOthersPerRound : LIMITS.statusCallIds;
      const due = await dueLateOrders(sql, provider, most);
      if (due.length === 0) return;
      const { said: words } = await orderStatuses(
        panel,
        due.map(({ providerOrder }) => providerOrder),
      );
      await eachAlone(due, 1, async (late) => {
        const word = words?.get(late.providerOrder);
        try {
          await hear(panel, late, word && reportOf(word, late.quantity), pollSeconds);
        } catch (error) {
          // What the database refuses is not asked about every round, and keeps no other from being followed.
          if (isRefused(error)) await lateOrderLooked(sql, late.id, late.stopAsked, REFUSED_SECONDS);
          throw error;
        }
      });
    },
  };
}
