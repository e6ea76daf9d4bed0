import { isUniqueViolation, type Sql } from '../../db/client.ts';
import { addLateOrder } from '../../db/dispatch/late-orders.ts';
import {
  type Candidate,
  type DueUnknownSend,
  dueUnknownSends,
  hasAllOurs,
  knownSends,
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
  showsOurs,
  soughtOf,
} from '../../domain/dispatch/find-unknown-send.ts';
import type { ListedOrder, OddRow } from '../../domain/dispatch/order-listing.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { OrderListing } from '../../domain/provider/profile.ts';
import { foundSignal } from '../../workflows/contract.ts';
import { signalOrder } from '../order/signal-order.ts';
import type { Panel } from '../provider/open-panel.ts';
import { listOrders } from '../provider/panel.ts';
import type { Deps } from '../runtime/deps.ts';

/** Wait before evidence is signalled again to a workflow that has not acted on it. */
const RESIGNAL_SECONDS = 30;

type FinderDeps = Pick<Deps, 'sql' | 'temporal' | 'log'>;

/** Searches a provider's list of orders for our sends of unknown outcome, those that are due. */
export async function findUnknownSends(
  deps: FinderDeps,
  panel: Panel,
  provider: number,
  listing: OrderListing,
): Promise<void> {
  const { sql, log } = deps;
  const due = await dueUnknownSends(sql, provider, listing, LIMITS.correctionHours);
  if (due.length === 0) return;
  const skewMs = listing.skewSeconds * 1_000;
  const since = Math.min(...due.map(({ sentAt }) => sentAt)) - skewMs;
  const seen = await readList(sql, panel, provider, listing, since);
  for (const one of due) {
    const key = { orderId: one.orderId, batch: one.batch, attempt: one.attempt };
    const nextLookAt = nextLook(listing.looksAfterSeconds, one.looks + 1, one.sentAt, Date.now());
    const next: Looked = { key, nextLookAt, heard: seen !== undefined };
    try {
      // An unanswered search does not prove that the order is not there.
      if (seen === undefined) await recordLook(sql, next);
      else {
        const finding = lookFor(soughtOf(one.type, one), seen.list, { ...one, owned: seen.owned, skewMs });
        await applyFinding(deps, one, finding, listing, next);
      }
    } catch (error) {
      // The database is not available: the other sends would fail too. All of them stay due.
      if (isDatabaseTrouble(error)) throw error;
      // The order belongs to another batch, or the result cannot be stored: this attempt is searched for again later.
      if (!isUniqueViolation(error))
        log.error({ ...key, err: error }, 'failed to store the result of a search for a send');
      await recordLook(sql, { key, nextLookAt, heard: false });
    }
  }
}

/** Signals proved outcomes to the workflows that have not acted on them. */
export async function signalEvidence(deps: FinderDeps, provider: number): Promise<void> {
  for (const { orderId, batch, attempt, evidence } of await takeEvidence(deps.sql, provider, RESIGNAL_SECONDS)) {
    if (evidence.kind !== 'cancel') await signalOrder(deps, orderId, foundSignal, { batch, attempt, ...evidence });
  }
}

/** Reads a provider's list back to `since`, newest first; undefined when there was no answer, which proves nothing. */
async function readList(sql: Sql, panel: Panel, provider: number, listing: OrderListing, since: number) {
  const begun = Date.now();
  const byId = new Map<string, ListedOrder>();
  const odd: OddRow[] = [];
  let [rows, complete] = [0, Number.POSITIVE_INFINITY];
  for (let page = 0; page < LIMITS.listedPages && complete > since; page += 1) {
    const read = await listOrders(panel, listing, rows);
    if (read === undefined && page === 0) return undefined;
    // The pages read before this one still count.
    if (read === undefined) break;
    const known = byId.size;
    for (const order of read.orders) if (!byId.has(order.providerOrder)) byId.set(order.providerOrder, order);
    odd.push(...read.odd);
    const inPage = read.orders.length + read.odd.length;
    rows += inPage;
    // Many panels give fewer rows than asked for, so only an empty page, or the same page again, is the end.
    const isEnd = inPage === 0;
    complete = completeSince([...byId.values()], isEnd);
    if (isEnd || byId.size === known) break;
  }
  const orders = [...byId.values()];
  const ids = [...byId.keys()];
  // A list that lacks an order whose id the provider gave us may lack any order.
  const proved = await hasAllOurs(sql, provider, ids, Math.max(since, complete), begun);
  const owned = await ownedOrders(sql, provider, ids);
  const known = await knownSends(sql, provider, ids);
  const ours = new Map(known.map((sent) => [sent.providerOrder, soughtOf(sent.type, sent)]));
  const list: Listing = {
    orders,
    odd,
    completeSince: proved ? complete : Number.POSITIVE_INFINITY,
    showsOurs: showsOurs(orders, ours),
  };
  return { list, owned };
}

/** Stores what a search proves about an attempt. */
async function applyFinding(
  deps: FinderDeps,
  due: DueUnknownSend,
  finding: Finding,
  listing: OrderListing,
  next: Looked,
): Promise<void> {
  const { sql, log } = deps;
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
        await signalOrder(deps, orderId, foundSignal, { batch, attempt, kind: 'candidates', orders });
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

const asCandidate = ({ providerOrder, quantity, at, status }: Candidate): Candidate => ({
  providerOrder,
  quantity,
  at,
  status,
});
