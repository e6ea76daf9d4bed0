import { isUniqueViolation } from '../../db/client.ts';
import { addLateOrder } from '../../db/dispatch/late-orders.ts';
import {
  type Candidate,
  type DueSearch,
  dueSearches,
  hasAllOurs,
  type Looked,
  ownedOrders,
  recordLook,
  takeEvidence,
} from '../../db/dispatch/unknown-sends.ts';
import { isDatabaseTrouble } from '../../db/errors.ts';
import {
  completeSince,
  type Finding,
  type Listing,
  lookFor,
  nextLook,
  soughtOf,
} from '../../domain/dispatch/find-unknown-send.ts';
import type { ListedOrder, OddRow } from '../../domain/dispatch/order-listing.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { OrderListing } from '../../domain/provider/profile.ts';
import { foundSignal } from '../../workflows/contract.ts';
import { tellOrder } from '../order/signal-order.ts';
import { listOrders, type Panel } from '../provider/panel.ts';
import type { Deps } from '../runtime/deps.ts';

/** Evidence that a workflow has not acted on is told again after so long. */
const RETELL_SECONDS = 30;

/** Looks for sends whose outcome is not known among the orders of their provider. */
export interface Searches {
  /** One look for all that are due, if the provider can list its orders. */
  look(panel: Panel, provider: number, listing: OrderListing | null): Promise<void>;
  /** Tells workflows what was proved. */
  tell(provider: number): Promise<void>;
}

export function createSearches(deps: Pick<Deps, 'sql' | 'temporal' | 'log'>): Searches {
  const { sql, log } = deps;

  /** Reads a provider's list back to `since`, newest first; undefined when it gave no answer: then it shows nothing. */
  async function readList(panel: Panel, provider: number, listing: OrderListing, since: number) {
    const begun = Date.now();
    const byId = new Map<string, ListedOrder>();
    const odd: OddRow[] = [];
    let [rows, complete] = [0, Number.POSITIVE_INFINITY];
    for (let page = 0; page < LIMITS.listedPages && complete > since; page += 1) {
      const read = await listOrders(panel, listing, rows);
      if (read === undefined && page === 0) return undefined;
      // What was read before goes as far back as it does.
      if (read === undefined) break;
      const known = byId.size;
      for (const order of read.orders) if (!byId.has(order.providerOrder)) byId.set(order.providerOrder, order);
      odd.push(...read.odd);
      const inPage = read.orders.length + read.odd.length;
      rows += inPage;
      // Many panels give fewer than they are asked for, so only a page of nothing is the end; the same page again is none.
      const isEnd = inPage === 0;
      complete = completeSince([...byId.values()], isEnd);
      if (isEnd || byId.size === known) break;
    }
    const orders = [...byId.values()];
    const ids = [...byId.keys()];
    // A list that lacks an order which the provider itself has told us of may lack any.
    const proved = await hasAllOurs(sql, provider, ids, Math.max(since, complete), begun);
    const owned = await ownedOrders(sql, provider, ids);
    const list: Listing = { orders, odd, completeSince: proved ? complete : Number.POSITIVE_INFINITY };
    return { list, owned };
  }

  /** What follows for an attempt from what a look showed. */
  async function take(due: DueSearch, finding: Finding, listing: OrderListing, next: Looked): Promise<void> {
    const now = Date.now();
    const { orderId, batch, attempt } = due;
    switch (finding.kind) {
      case 'found': {
        const { providerOrder } = finding.order;
        if (due.decided) await addLateOrder(sql, due, providerOrder, 'system');
        else await recordLook(sql, { ...next, candidates: [], evidence: { kind: 'attach', providerOrder } });
        log.info({ order: orderId, batch, attempt, late: due.decided }, 'a send turned up at its provider');
        return;
      }
      case 'candidates': {
        const candidates = finding.orders.map(asCandidate).slice(0, LIMITS.candidates);
        await recordLook(sql, { ...next, candidates, noneSince: null });
        const isNews = JSON.stringify(candidates) !== JSON.stringify(due.candidates.map(asCandidate));
        const orders = candidates.map(({ providerOrder }) => providerOrder);
        if (isNews && !due.decided)
          await tellOrder(deps, orderId, foundSignal, { batch, attempt, kind: 'candidates', orders });
        return;
      }
      case 'none': {
        const since = due.noneSince ?? now;
        const isOver = now - Math.max(since, due.sentAt) >= listing.graceSeconds * 1_000 && due.noneSince !== null;
        const proved = listing.authoritative && isOver && !due.decided;
        const shown = { ...next, candidates: [], noneSince: since };
        await recordLook(sql, proved ? { ...shown, evidence: { kind: 'notPlaced' } } : shown);
        return;
      }
      case 'unclear':
        await recordLook(sql, { ...next, candidates: [] });
    }
  }

  async function search(panel: Panel, provider: number, listing: OrderListing): Promise<void> {
    const due = await dueSearches(sql, provider, listing, LIMITS.correctionHours);
    if (due.length === 0) return;
    const skewMs = listing.skewSeconds * 1_000;
    const since = Math.min(...due.map(({ sentAt }) => sentAt)) - skewMs;
    const seen = await readList(panel, provider, listing, since);
    for (const one of due) {
      const key = { orderId: one.orderId, batch: one.batch, attempt: one.attempt };
      const nextLookAt = nextLook(listing.looksAfterSeconds, one.looks + 1, one.sentAt, Date.now());
      const next: Looked = { key, nextLookAt, heard: seen !== undefined };
      try {
        // A look that failed is not "nothing there".
        if (seen === undefined) await recordLook(sql, next);
        else {
          const finding = lookFor(soughtOf(one.type, one), seen.list, { ...one, owned: seen.owned, skewMs });
          await take(one, finding, listing, next);
        }
      } catch (error) {
        // The database cannot be worked with: all others would fail too. They are still due.
        if (isDatabaseTrouble(error)) throw error;
        // The order is another batch's, or the look cannot be written: the others go on, and this one is looked for again later.
        if (!isUniqueViolation(error)) log.error({ ...key, err: error }, 'a look for a send could not be written');
        await recordLook(sql, { key, nextLookAt, heard: false });
      }
    }
  }

  return {
    async look(panel, provider, listing) {
      if (listing !== null) await search(panel, provider, listing);
    },

    async tell(provider) {
      for (const { orderId, batch, attempt, evidence } of await takeEvidence(sql, provider, RETELL_SECONDS)) {
        if (evidence.kind !== 'cancel') await tellOrder(deps, orderId, foundSignal, { batch, attempt, ...evidence });
      }
    },
  };
}

const asCandidate = ({ providerOrder, quantity, at, status }: Candidate): Candidate => ({
  providerOrder,
  quantity,
  at,
  status,
});
