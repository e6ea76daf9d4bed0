import { Context } from '@temporalio/activity';
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
import { DEADLINES, LIMITS } from '../../domain/limits.ts';
import type { Ask } from '../../domain/order/asks.ts';
import type { RefillWord } from '../../domain/provider/answers.ts';
import { belowStart, missingOf, type RefillOutcome } from '../../domain/refill/rules.ts';
import type { AskedRefill, OpenedRefill, RefillsSnapshot } from '../../domain/refill/state.ts';
import { countOrder } from '../delivery/count.ts';
import type { Watches } from '../delivery/watches.ts';
import { costsOf } from '../dispatch/costs.ts';
import { actorOf } from '../order/actors.ts';
import { orStale } from '../order/stale.ts';
import { askProviders, type Silence } from '../provider/ask-providers.ts';
import type { Panel } from '../provider/open-panel.ts';
import { asking, takeTurn } from '../provider/pace.ts';
import { refillOrders } from '../provider/panel.ts';
import type { Deps } from '../runtime/deps.ts';
import { timeLeft } from '../runtime/time-left.ts';

/** Times are the workflow's, in milliseconds since 1970. */
export interface OpenRefillInput {
  readonly orderId: number;
  readonly number: number;
  readonly by: string;
  /** Present when the API sent the request: `by` is then a stand-in, and `openRefill` checks the proof to find the actor. */
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

/** Attempts before a refill goes on without the answer of a silent provider. */
const ASKS = 8;

/** After a refused list, this many refused single orders show that the list was not the reason. */
const REFUSALS = 3;

/** Calls without an answer after which an attempt asks a provider about no further batch. */
const MOST_UNANSWERED = 8;

/** A provider that is asked for refills. */
interface Asked {
  readonly provider: number;
  readonly panel: Panel;
  /** Whether the activity has time for one more call. */
  readonly hasTime: () => boolean;
}

/** Time between heartbeats: the calls of a long order take minutes, and Temporal must notice a dead worker sooner. */
const HEARTBEAT_MS = 5_000;

export function createRefillActivities(deps: Deps, watches: Watches) {
  const { sql, log } = deps;

  async function standing(orderId: number): Promise<RefillsSnapshot> {
    const found = await refillStanding(sql, orderId);
    if (found === null) throw new Error(`order ${orderId} is not refillable`);
    return found;
  }

  /** Asks one provider to refill its batches and stores its answers; `together`: it refused a call about many. */
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
   * Asks about each batch by itself. `refused`: the provider refused a call about all of them. When it refuses the first few
   * single batches too, the rest count as refused.
   */
  async function askEach(
    key: RefillKey,
    asked: Asked,
    batches: readonly RefillableBatch[],
    refused: boolean,
  ): Promise<Silence> {
    let [silent, taken] = [0, false];
    for (const [at, batch] of batches.entries()) {
      if (refused && at === REFUSALS && !taken && silent === 0) {
        const { provider } = asked;
        const rest = batches.slice(at).map((one) => ({ batch: one.batch, provider, providerRefill: null }));
        await refillCall(sql, key);
        await refillCallAnswered(sql, key, rest);
        break;
      }
      if (silent >= MOST_UNANSWERED) return { silent: silent + batches.length - at, isCut: false };
      await takeTurn(asked.panel.url);
      if (!asked.hasTime()) return { silent, isCut: true };
      const answer = await ask(key, asked, [batch]);
      if (answer === 'unanswered') silent += 1;
      if (answer === 'taken') taken = true;
    }
    return { silent, isCut: false };
  }

  /** Asks one provider about its batches of an order, in lists where it knows them. */
  async function askOne(key: RefillKey, asked: Asked, batches: readonly RefillableBatch[]): Promise<Silence> {
    const eachByItself = asked.panel.withoutLists?.has('status') === true;
    let silent = 0;
    for (let from = 0; from < batches.length; from += LIMITS.statusCallIds) {
      const call = batches.slice(from, from + LIMITS.statusCallIds);
      if (!asked.hasTime()) return { silent, isCut: true };
      const answer = eachByItself ? 'together' : await ask(key, asked, call);
      if (answer === 'unanswered') silent += call.length;
      if (answer !== 'together') continue;
      const each = await askEach(key, asked, call, !eachByItself);
      silent += each.silent;
      if (each.isCut) return { silent, isCut: true };
    }
    return { silent, isCut: false };
  }

  /**
   * Asks all providers of an order's batches. Returns how many batches got no answer.
   * @throws ApplicationFailure when the activity must come back: a provider has no room, or there was no time for all.
   */
  async function askAll(key: RefillKey, attempt: number, hasTime: () => boolean): Promise<number> {
    const toAsk = await batchesToRefill(sql, key).catch((error: unknown) => {
      throw orStale(error);
    });
    return askProviders(deps, toAsk, async ({ provider, panel, batches }) => {
      const asked = { provider, panel, hasTime };
      const said = await asking.hold(panel.url, key.orderId, attempt, () => askOne(key, asked, batches));
      await watches.ensure(provider);
      return said;
    });
  }

  return {
    /** The state of a Completed order's refills. */
    readRefills: standing,

    /**
     * Counts the target where that is possible, and stores the refill unless nothing is missing. A repeat returns the
     * refills' present state.
     */
    async openRefill({ orderId, number, by: said, ask, reason, reviewAt, at }: OpenRefillInput): Promise<OpenedRefill> {
      const known = await refillId(sql, { orderId, refill: number });
      if (known !== undefined) return { id: known, standing: await standing(orderId) };
      const by = ask === undefined ? said : actorOf(deps, orderId, ask, at);
      const counted = await countOrder(deps, orderId, Context.current().info.attempt);
      const delivered = (await readSettled(sql, orderId))?.delivered ?? 0;
      const missing = counted.kind === 'counted' ? missingOf(counted.start, delivered, counted.count) : null;
      if (counted.kind === 'counted' && missing === 0) {
        const expected = counted.start + delivered;
        return { refused: `nothing is missing: the target shows ${counted.count}, and ${expected} were expected` };
      }
      const review = counted.kind === 'counted' ? belowStart(counted.start, counted.count) : null;
      const times = { reviewAt: new Date(reviewAt), at: new Date(at) };
      const id = await openRefill(sql, { orderId, number, by, reason, missing, inReview: review !== null, ...times });
      return { id, standing: await standing(orderId), ...(review === null ? {} : { review }) };
    },

    /**
     * Asks the providers of an order's batches for a refill. A repeat asks only about batches without an answer.
     * @throws ApplicationFailure `stale` when the refill has ended: the workflow was reset to before this step.
     */
    async askRefill({ at, ...key }: RefillKey & { readonly at: number }): Promise<AskedRefill> {
      const context = Context.current();
      const alive = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
      const isInTime = timeLeft(context);
      try {
        const unanswered = await askAll(key, context.info.attempt, () => isInTime(DEADLINES.statusCall));
        if (unanswered > 0 && context.info.attempt < ASKS) throw new Error('a provider gave no answer');
        if (unanswered > 0)
          log.warn({ order: key.orderId, refill: key.refill }, 'a provider did not answer to a refill');
        return await refillAsked(sql, key, new Date(at));
      } finally {
        clearInterval(alive);
      }
    },

    /** Stores that the missing items are sent again, as this batch. */
    resendRefill: (input: ResendInput): Promise<void> => resendRefill(sql, input),

    /** Stores the end of a refill and books what its resend cost us. */
    async endRefill({ at, ...input }: EndRefillInput): Promise<void> {
      const costs = await costsOf(sql, input.orderId, input.refill);
      await endRefill(sql, { ...input, at: new Date(at), costs });
    },
  };
}

/** What a provider said of each batch that its answer names. */
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
