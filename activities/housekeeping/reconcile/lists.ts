import { openMasses } from '../../../db/masses.ts';
import { massWorkflowId } from '../../../workflows/messages.ts';
import type { Deps } from '../../deps.ts';
import { ensureMass } from '../../masses.ts';
import { endingOf, notListed } from './presence.ts';
import type { Run } from './run.ts';

/** Finds lists that are being placed by nobody. */
export const createLists =
  ({ sql, temporal }: Pick<Deps, 'sql' | 'temporal'>) =>
  async (run: Run): Promise<void> => {
    const open = await openMasses(sql);
    const absent = new Set(await notListed(temporal, open.map(massWorkflowId)));
    for (const list of open.filter((id) => absent.has(massWorkflowId(id)))) {
      if ((await endingOf(temporal, massWorkflowId(list))) === undefined) continue;
      await ensureMass(temporal, list);
      run.found('list_lost', true);
    }
  };
