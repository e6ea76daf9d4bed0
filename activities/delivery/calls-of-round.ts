import { type BatchKey, type RunningBatch, runningBatches } from '../../db/delivery/batches.ts';
import { type DueCheck, dueChecks } from '../../db/delivery/post-settlement-checks.ts';
import type { RoundWork } from '../../db/delivery/watch-rounds.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../runtime/deps.ts';
import type { RoundRobin } from './round-robin.ts';
import { keyOf, type RoundTroubles } from './round-troubles.ts';

/** Calls to one provider at the same time. */
export const PARALLEL_CALLS = 4;
/** Orders in one "call" to a provider that is asked one by one: PARALLEL_CALLS of them share the orders of a round. */
const SINGLES = LIMITS.singleOrdersPerRound / PARALLEL_CALLS;
/** Running batches that a round reads at once: a multiple of the ids of a call. */
const PAGE = 10 * LIMITS.statusCallIds;

/** Batches of one status call: running ones, and settled ones that are due for a check. */
export interface AskedBatches {
  readonly running: readonly RunningBatch[];
  readonly settled: readonly DueCheck[];
}

interface CallsOf {
  readonly deps: Deps;
  readonly provider: number;
  readonly work: Pick<RoundWork, 'running' | 'settled'>;
  readonly troubles: RoundTroubles;
  readonly roundRobin: RoundRobin;
}

/**
 * The status calls of one round, about all batches. Running batches are read page by page while the calls are made, so a round
 * holds a few pages however many batches run.
 */
export async function* callsOfRound(of: CallsOf): AsyncGenerator<AskedBatches> {
  const { provider, troubles } = of;
  const unasked = troubles.parkedKeys(provider);
  const asks = <T extends RunningBatch>(batches: readonly T[]): readonly T[] => {
    if (unasked.size > 0) for (const batch of batches) unasked.delete(keyOf(batch));
    return batches;
  };
  const settled = await readSettled(of, LIMITS.postSettlementChecksPerRound);
  let isWhole = settled !== undefined;
  let page: readonly RunningBatch[] = [];
  do {
    const read = await readRunning(of, page.at(-1), PAGE);
    isWhole &&= read !== undefined;
    page = asks(read ?? []);
    if (page.length === PAGE) yield* statusCalls({ running: page, settled: [] }, LIMITS.statusCallIds);
  } while (page.length === PAGE);
  yield* statusCalls({ running: page, settled: asks(settled ?? []) }, LIMITS.statusCallIds);
  if (isWhole) troubles.forgetParked(provider, unasked);
}

/** The status calls of one round to a provider that is asked one by one: as many orders as LIMITS allow, in turn. */
export async function* singleCallsOfRound(of: CallsOf): AsyncGenerator<AskedBatches> {
  const { provider, troubles, roundRobin } = of;
  const { singleOrdersPerRound, singleOthersPerRound } = LIMITS;
  const running = await readRunning(of);
  const settled = await readSettled(of, singleOthersPerRound);
  if (running !== undefined && settled !== undefined) {
    const unasked = troubles.parkedKeys(provider);
    for (const batch of [...running, ...settled]) unasked.delete(keyOf(batch));
    troubles.forgetParked(provider, unasked);
  }
  const all = { running: running ?? [], settled: settled ?? [] };
  const inTurn = roundRobin.next(`orders ${provider}`, all.running, singleOrdersPerRound - all.settled.length);
  yield* statusCalls({ ...all, running: inTurn }, SINGLES);
}

/** Reads running batches; undefined when that failed. */
const readRunning = ({ deps, provider, work, troubles }: CallsOf, after?: BatchKey, most?: number) =>
  troubles.alone(provider, 'running batches', async () =>
    work.running ? runningBatches(deps.sql, provider, after, most) : [],
  );

/** Reads settled batches that are due for a check; undefined when that failed. */
const readSettled = ({ deps, provider, work, troubles }: CallsOf, most: number) =>
  troubles.alone(provider, 'settled batches', async () =>
    work.settled ? dueChecks(deps.sql, provider, new Date(), most) : [],
  );

/** Splits the batches into calls of at most `ids`: running ones first, then settled ones, which fill up the last call. */
function statusCalls({ running, settled }: AskedBatches, ids: number): AskedBatches[] {
  const calls: AskedBatches[] = [];
  for (let from = 0; from < running.length + settled.length; from += ids) {
    const to = from + ids;
    const rest = (at: number) => Math.max(at - running.length, 0);
    calls.push({ running: running.slice(from, to), settled: settled.slice(rest(from), rest(to)) });
  }
  return calls;
}
