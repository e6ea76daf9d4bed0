import type { Sql } from '../../db/client.ts';
import { openBulkOrders } from '../../db/placement/bulk-orders.ts';
import { openBulkResolutions } from '../../db/review/bulk-resolutions.ts';
import { bulkOrdersWorkflowId, bulkResolutionId } from '../../workflows/contract.ts';
import { ensureBulkOrders } from '../placement/ensure-bulk-orders.ts';
import { ensureBulkResolution } from '../review/bulk-resolution.ts';
import type { Deps } from '../runtime/deps.ts';
import { endingOf, notListed } from './presence.ts';
import type { Run } from './run.ts';

/** Finds open lists and bulk resolutions without a running workflow, and starts it. */
export async function findLostLists({ sql, temporal }: Pick<Deps, 'sql' | 'temporal'>, run: Run): Promise<void> {
  for await (const lists of pagesOf(sql, openBulkOrders)) {
    if (run.isOver) return;
    await startLost(temporal, run, lists, bulkOrdersWorkflowId, ensureBulkOrders);
  }
  for await (const decisions of pagesOf(sql, openBulkResolutions)) {
    if (run.isOver) return;
    await startLost(temporal, run, decisions, bulkResolutionId, ensureBulkResolution);
  }
}

/** All ids that `read` gives, page by page; `read` gives the first ones above an id. */
export async function* pagesOf(
  sql: Sql,
  read: (sql: Sql, after: number) => Promise<number[]>,
): AsyncGenerator<number[]> {
  for (let page = await read(sql, 0); page.length > 0; page = await read(sql, page.at(-1) ?? 0)) yield page;
}

async function startLost(
  temporal: Deps['temporal'],
  run: Run,
  open: readonly number[],
  workflowId: (id: number) => string,
  ensure: (client: Deps['temporal'], id: number) => Promise<void>,
): Promise<void> {
  const absent = new Set(await notListed(temporal, open.map(workflowId)));
  for (const one of open.filter((id) => absent.has(workflowId(id)))) {
    if ((await endingOf(temporal, workflowId(one))) === undefined) continue;
    await ensure(temporal, one);
    run.found('list_lost', true);
  }
}
