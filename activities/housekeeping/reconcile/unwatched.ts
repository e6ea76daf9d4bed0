import { openSubjects, raiseAlert, resolveAlert } from '../../../db/alerts.ts';
import { type WatchedWork, watchedWork } from '../../../db/watch-rounds.ts';
import { watchWorkflowId } from '../../../workflows/messages.ts';
import type { Deps } from '../../deps.ts';
import { inParallel } from '../../parallel.ts';
import { startWatch } from '../../watches.ts';
import { endingOf } from './presence.ts';
import type { Run } from './run.ts';

const PARALLEL = 10;
const PROVIDERS = 10_000;

/** From when on a person is told: a worker that died is replaced much sooner, and a round of many thousands of batches done. */
const tooLong = ({ pollSeconds }: WatchedWork): number => 300 + 5 * pollSeconds;

/** Finds providers whose running batches nobody looks at. */
export function createUnwatched({ sql, temporal, log }: Pick<Deps, 'sql' | 'temporal' | 'log'>) {
  const alertOf = (provider: number) => ({ kind: 'batch_unwatched', subject: `provider:${provider}` }) as const;

  async function look(run: Run, work: WatchedWork): Promise<void> {
    const { provider } = work;
    const isGone = (await endingOf(temporal, watchWorkflowId(provider))) !== undefined;
    if (isGone) await startWatch(temporal, provider);
    const isLate = work.unseenSeconds > tooLong(work);
    if (isGone || isLate) run.found('batch_unwatched', isGone);
    if (!isLate) return resolveAlert(sql, alertOf(provider));
    const detail = `nobody has looked at its running batches for more than ${Math.floor(tooLong(work) / 60)} minutes`;
    if (await raiseAlert(sql, { ...alertOf(provider), detail })) log.error({ provider }, detail);
  }

  return async (run: Run): Promise<void> => {
    const all = await watchedWork(sql);
    run.looked.providers += all.length;
    await inParallel(all, PARALLEL, (work) => look(run, work));
    // Nothing runs there any more.
    const working = new Set<string>(all.map(({ provider }) => alertOf(provider).subject));
    for (const subject of await openSubjects(sql, 'batch_unwatched', PROVIDERS)) {
      if (!working.has(subject)) await resolveAlert(sql, { kind: 'batch_unwatched', subject });
    }
  };
}
