import { type WatchedWork, watchedWork } from '../../db/delivery/watch-rounds.ts';
import { openSubjects, raiseAlert, resolveAlert } from '../../db/reconcile/alerts.ts';
import { watchWorkflowId } from '../../workflows/contract.ts';
import { startWatch } from '../delivery/watches.ts';
import type { Deps } from '../runtime/deps.ts';
import { inParallel } from '../runtime/parallel.ts';
import { endingOf } from './presence.ts';
import type { Run } from './run.ts';

const PARALLEL = 10;
const PROVIDERS = 10_000;

/**
 * Seconds without a round before staff get an alert: enough to replace a dead worker, or for a round of many thousand batches.
 */
const tooLong = ({ pollSeconds }: WatchedWork): number => 300 + 5 * pollSeconds;

type FindDeps = Pick<Deps, 'sql' | 'temporal' | 'log'>;

const KINDS = ['batch_unwatched', 'provider_silent'] as const;
const subjectOf = (provider: number): string => `provider:${provider}`;

/** Finds providers that are not asked about their running batches, and providers that do not answer. */
export async function findUnwatched(deps: FindDeps, run: Run): Promise<void> {
  const { sql } = deps;
  const all = await watchedWork(sql);
  run.looked.providers += all.length;
  await inParallel(all, PARALLEL, (work) => checkWatch(deps, run, work));
  // Resolve the alerts about providers where no batch runs any more.
  const working = new Set<string>(all.map(({ provider }) => subjectOf(provider)));
  for (const kind of KINDS) {
    for (const subject of await openSubjects(sql, kind, PROVIDERS)) {
      if (!working.has(subject)) await resolveAlert(sql, { kind, subject });
    }
  }
}

async function checkWatch(deps: FindDeps, run: Run, work: WatchedWork): Promise<void> {
  const { provider, unseenSeconds, silentSeconds } = work;
  const isGone = (await endingOf(deps.temporal, watchWorkflowId(provider))) !== undefined;
  if (isGone) await startWatch(deps.temporal, provider);
  const late = {
    kind: 'batch_unwatched',
    seconds: unseenSeconds,
    what: 'it was not asked about its running batches',
  } as const;
  const isLate = await alertIfTooLong(deps, work, late);
  if (isGone || isLate) run.found('batch_unwatched', isGone);
  const silent = {
    kind: 'provider_silent',
    seconds: silentSeconds,
    what: 'it has answered nothing about running batches',
  } as const;
  if (await alertIfTooLong(deps, work, silent)) run.found('provider_silent', false);
}

/** What is wrong with a provider, and for how long. */
interface Trouble {
  readonly kind: (typeof KINDS)[number];
  readonly seconds: number;
  readonly what: string;
}

/** Raises an alert about a provider once its trouble has lasted too long, and resolves it otherwise. */
async function alertIfTooLong(
  { sql, log }: FindDeps,
  work: WatchedWork,
  { kind, seconds, what }: Trouble,
): Promise<boolean> {
  const key = { kind, subject: subjectOf(work.provider) };
  if (seconds <= tooLong(work)) {
    await resolveAlert(sql, key);
    return false;
  }
  const detail = `${what} for more than ${Math.floor(tooLong(work) / 60)} minutes`;
  if (await raiseAlert(sql, { ...key, detail })) log.error({ provider: work.provider }, detail);
  return true;
}
