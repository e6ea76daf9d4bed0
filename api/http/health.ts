import { Hono } from 'hono';
import { withTimeout } from '../../db/client.ts';
import { type DatabaseFit, databaseFit } from '../../db/migration-state.ts';
import type { Deps } from '../deps.ts';
import { answerBefore } from '../temporal.ts';
import type { ApiEnv } from './context.ts';

const CHECK_MS = 2_000;

/** What is missing when the database does not fit. */
const MISSING: Readonly<Record<DatabaseFit, string | undefined>> = {
  fits: undefined,
  behind: 'migrations',
  ahead: 'newer version',
};

/**
 * `/healthz` answers while the process runs. `/readyz` also checks the engines and names each that is missing. While the process
 * stops, it answers 503, so that a proxy sends nothing new here.
 */
export function healthRoutes({ authSql, temporal, closing }: Deps): Hono<ApiEnv> {
  const database = async (): Promise<string | undefined> => {
    try {
      return MISSING[await withTimeout(CHECK_MS, databaseFit(authSql))];
    } catch {
      return 'database';
    }
  };
  const server = async (): Promise<string | undefined> => {
    try {
      await answerBefore(temporal, Date.now() + CHECK_MS, () => temporal.workflowService.getSystemInfo({}));
      return undefined;
    } catch {
      return 'temporal';
    }
  };

  const app = new Hono<ApiEnv>();
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    if (closing?.aborted === true) return c.json({ status: 'stopping' }, 503);
    const missing = (await Promise.all([database(), server()])).filter((part) => part !== undefined);
    return missing.length === 0 ? c.json({ status: 'ok' }) : c.json({ status: 'unavailable', missing }, 503);
  });
  return app;
}
