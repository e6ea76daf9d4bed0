import { bookLoss, type DueLateOrder, dueLateOrders, lateOrderLooked } from '../../db/dispatch/late-orders.ts';
import { type ProviderReport, reportOf, verdict } from '../../domain/delivery/verdict.ts';
import { costFromProvider, priceOf } from '../../domain/ledger/money.ts';
import { costOfOne } from '../../domain/ledger/provider-cost.ts';
import { LIMITS } from '../../domain/limits.ts';
import { eachAlone, isRefused } from '../delivery/round-troubles.ts';
import type { Panel } from '../provider/open-panel.ts';
import { cancelOrder, orderStatuses } from '../provider/panel.ts';
import type { Deps } from '../runtime/deps.ts';

/** Wait before the next try when the database refuses to store the end of a late order. */
const REFUSED_SECONDS = 600;

type FollowDeps = Pick<Deps, 'sql' | 'log'>;

/**
 * Follows due late orders, up to 100 in one call: asks for a stop, and books the cost of those that have ended as a loss. One whose
 * last word contradicts itself is followed on: it may go on there, or be paid back.
 * `pollSeconds` is the provider's cadence.
 */
export async function followLateOrders(
  deps: FollowDeps,
  panel: Panel,
  provider: number,
  pollSeconds: number,
): Promise<void> {
  const { sql } = deps;
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
      await followOne(deps, panel, late, word && reportOf(word, late.quantity), pollSeconds);
    } catch (error) {
      // A late order that the database refuses waits longer, and does not stop the others.
      if (isRefused(error)) await lateOrderLooked(sql, late.id, late.stopAsked, REFUSED_SECONDS);
      throw error;
    }
  });
}

async function followOne(
  { sql, log }: FollowDeps,
  panel: Panel,
  late: DueLateOrder,
  said: ProviderReport | undefined,
  pollSeconds: number,
): Promise<void> {
  const hasEnded = said !== undefined && verdict(said, late.quantity).kind === 'ended';
  if (hasEnded || late.ageHours > LIMITS.lateOrderHours) {
    const booked = { status: said?.status ?? 'Unknown', charge: said?.charge ?? null, cost: lossOf(late, said) };
    if (await bookLoss(sql, late.id, booked)) log.warn({ order: late.orderId, late: late.id }, 'a loss was booked');
    return;
  }
  // No customer pays for a late order: the less it delivers, the smaller our loss. Without an answer the stop is asked for again.
  const stopAsked = late.stopAsked || (await cancelOrder(panel, late.providerOrder)) !== 'unanswered';
  await lateOrderLooked(sql, late.id, stopAsked, Math.max(pollSeconds, (late.ageHours * 3_600) / 8));
}

/** The loss of a late order that has ended: the provider's own charge, or its rate for what it delivered. */
function lossOf(late: DueLateOrder, said: ProviderReport | undefined) {
  const charged = said?.charge == null ? undefined : costFromProvider(said.charge);
  const end = said === undefined ? undefined : verdict(said, late.quantity);
  return charged ?? priceOf(costOfOne(late), end?.kind === 'ended' ? end.delivered : late.quantity);
}
