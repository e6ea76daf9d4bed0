import { Context } from '@temporalio/activity';
import { readProvider } from '../../db/delivery/batches.ts';
import { readSettled } from '../../db/ledger/settlement.ts';
import {
  batchesToRefill,
  endRefill,
  openRefill,
  type RefillableBatch,
  type RefillKey,
  type RefillPart,
  type ResendInput,
  refillAsked,
  refillCall,
  refillCallAnswered,
  refillId,
  refillStanding,
  resendRefill,
} from '../../db/refill/refills.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Ask } from '../../domain/order/asks.ts';
import type { RefillWord } from '../../domain/provider/answers.ts';
import { belowStart, missingOf, type RefillOutcome } from '../../domain/refill/rules.ts';
import type { AskedRefill, OpenedRefill, RefillsSnapshot } from '../../domain/refill/state.ts';
import { countOrder } from '../delivery/count.ts';
import type { Watches } from '../delivery/watches.ts';
import { costsOf } from '../dispatch/costs.ts';
import { actorOf } from '../order/actors.ts';
import { openPanel } from '../provider/open-panel.ts';
import { takeTurn } from '../provider/pace.ts';
import { type Panel, refillOrders } from '../provider/panel.ts';
import type { Deps } from '../runtime/deps.ts';

/** Times are the workflow's, in milliseconds since 1970. */
export interface OpenRefillInput {
  readonly orderId: number;
  readonly number: number;
  readonly by: string;
  /** The API asked, and its proof is to be checked; `by` only stands in for who it was. */
  readonly ask?: Ask | undefined;
  readonly reason: string;
  readonly reviewAt: number;
  readonly at: number;
}

export interface EndRefillInput {
  readonly orderId: number;
  readonly refill: number;
  readonly outcome: RefillOutcome;
  readonly why: string;
  readonly by: string;
  readonly at: number;
}

/** So often a provider that gives no answer is asked. */
const ASKS = 8;

/** Refusals of single ones, after one of all together, that show that it was not for asking about many. */
const REFUSALS = 3;

/** A provider that is asked for refills. */
interface Asked {
  readonly provider: number;
  readonly panel: Panel;
}

/** How often one who asks says so: the calls of a long order take minutes, and a dead worker is to be noticed before. */
const HEARTBEAT_MS = 5_000;

export function createRefillActivities(deps: Deps, watches: Watches) {
  const { sql, log } = deps;

  async function standing(orderId: number): Promise<RefillsSnapshot> {
    const found = await refillStanding(sql, orderId);
    if (found === null) throw new Error(`order ${orderId} is not one that is refilled`);
    return found;
  }

  /** Asks one provider to refill its batches, and writes down what it says; `together`: it refused to be asked about many. */
  async function ask(
    key: RefillKey,
    { provider, panel }: Asked,
    batches: readonly RefillableBatch[],
  ): Promise<'taken' | 'refused' | 'unanswered' | 'together'> {
    await refillCall(sql, key);
    const said = await refillOrders(
      panel,
      batches.map(({ providerOrder }) => providerOrder),
    );
    if (said.kind === 'noAnswer') return 'unanswered';
    const together = said.kind === 'answered' && said.wholeCall;
    const parts = said.kind === 'notNow' || together ? [] : partsOf(provider, batches, said.orders);
    await refillCallAnswered(sql, key, parts);
    if (said.kind === 'notNow') return 'unanswered';
    if (together) return 'together';
    return parts.some(({ providerRefill }) => providerRefill !== null) ? 'taken' : 'refused';
  }

  /**
   * Asks one by one; how many have no answer. Of those that a provider has refused together, it is not asked about all when it refuses
   * the first few of them too.
   */
  async function askEach(key: RefillKey, asked: Asked, batches: readonly RefillableBatch[], refused: boolean) {
    let [unanswered, taken] = [0, false];
    for (const [at, batch] of batches.entries()) {
      if (refused && at === REFUSALS && !taken && unanswered === 0) {
        const { provider } = asked;
        const rest = batches.slice(at).map((one) => ({ batch: one.batch, provider, providerRefill: null }));
        await refillCall(sql, key);
        await refillCallAnswered(sql, key, rest);
        break;
      }
      await takeTurn(asked.panel.url);
      const answer = await ask(key, asked, [batch]);
      if (answer === 'unanswered') unanswered += 1;
      if (answer === 'taken') taken = true;
    }
    return unanswered;
  }

  /** Asks all providers of an order's batches; how many batches nobody has said anything of. */
  async function askAll(key: RefillKey): Promise<number> {
    const batches = await batchesToRefill(sql, key);
    let unanswered = 0;
    for (const provider of new Set(batches.map((batch) => batch.provider))) {
      const asked = { provider, panel: openPanel(deps, provider, await readProvider(sql, provider)) };
      const its = batches.filter((batch) => batch.provider === provider);
      const eachByItself = asked.panel.withoutLists?.has('status') === true;
      for (let from = 0; from < its.length; from += LIMITS.statusCallIds) {
        const call = its.slice(from, from + LIMITS.statusCallIds);
        const answer = eachByItself ? 'together' : await ask(key, asked, call);
        if (answer === 'together') unanswered += await askEach(key, asked, call, !eachByItself);
        if (answer === 'unanswered') unanswered += call.length;
      }
      await watches.ensure(provider);
    }
    return unanswered;
  }

  return {
    /** Where the refills of a Completed order stand. */
    readRefills: standing,

    /**
     * Counts the target, where that is possible, and writes the refill down unless nothing is missing. Said again, it tells
     * where the refills stand now.
     */
    async openRefill({ orderId, number, by: said, ask, reason, reviewAt, at }: OpenRefillInput): Promise<OpenedRefill> {
      const known = await refillId(sql, { orderId, refill: number });
      if (known !== undefined) return { id: known, standing: await standing(orderId) };
      const by = ask === undefined ? said : actorOf(deps, orderId, ask, at);
      const counted = await countOrder(deps, orderId);
      const delivered = (await readSettled(sql, orderId))?.delivered ?? 0;
      const missing = counted.kind === 'counted' ? missingOf(counted.start, delivered, counted.count) : null;
      if (counted.kind === 'counted' && missing === 0) {
        const expected = counted.start + delivered;
        return { refused: `nothing is missing: the target shows ${counted.count}, ${expected} were to be expected` };
      }
      const review = counted.kind === 'counted' ? belowStart(counted.start, counted.count) : null;
      const times = { reviewAt: new Date(reviewAt), at: new Date(at) };
      const id = await openRefill(sql, { orderId, number, by, reason, missing, inReview: review !== null, ...times });
      return { id, standing: await standing(orderId), ...(review === null ? {} : { review }) };
    },

    /** Asks the providers of an order's batches for a refill. Asked again, those that took it are not asked twice. */
    async askRefill({ at, ...key }: RefillKey & { readonly at: number }): Promise<AskedRefill> {
      const context = Context.current();
      const alive = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
      try {
        const unanswered = await askAll(key);
        if (unanswered > 0 && context.info.attempt < ASKS) throw new Error('a provider gave no answer');
        if (unanswered > 0)
          log.warn({ order: key.orderId, refill: key.refill }, 'a provider did not answer to a refill');
        return await refillAsked(sql, key, new Date(at));
      } finally {
        clearInterval(alive);
      }
    },

    /** What is missing is to be sent again, as this batch. */
    resendRefill: (input: ResendInput): Promise<void> => resendRefill(sql, input),

    /** Writes the end of a refill, and what sending again has cost the house. */
    async endRefill({ at, ...input }: EndRefillInput): Promise<void> {
      const costs = await costsOf(sql, input.orderId, input.refill);
      await endRefill(sql, { ...input, at: new Date(at), costs });
    },
  };
}

/** What a provider said of each batch; nothing of those that it does not speak of. */
function partsOf(
  provider: number,
  batches: readonly RefillableBatch[],
  said: ReadonlyMap<string, RefillWord>,
): RefillPart[] {
  return batches.flatMap(({ batch, providerOrder }): RefillPart[] => {
    const word = said.get(providerOrder);
    return word === undefined ? [] : [{ batch, provider, providerRefill: word.kind === 'taken' ? word.refill : null }];
  });
}
