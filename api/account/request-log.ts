import { createMiddleware } from 'hono/factory';
import type { Logger } from 'pino';
import { addRequests, type RecentRequest } from '../../db/account/requests.ts';
import { type Sql, withTimeout } from '../../db/client.ts';
import { LIMITS } from '../../domain/limits.ts';
import { outsideLogContext } from '../../net/log-context.ts';
import type { ApiContext, ApiEnv } from '../http/context.ts';
import { shownPath } from '../http/shown-path.ts';
import { QUERY_MS } from '../http/timeouts.ts';

/** How long requests wait in memory before they are written. */
const FLUSH_MS = 5_000;
/** Requests that wait in memory at most; more of them are left out. */
const MOST = 2_000;

/** Notes the latest requests of each account, so that its owner sees what a program sent and what it was answered. */
export interface RequestLog {
  note(account: number, request: RecentRequest): void;
  /** Writes what was noted. A failure is logged, and those requests are left out. */
  flush(): Promise<void>;
}

export function createRequestLog(sql: Sql, log: Logger): RequestLog {
  let noted = new Map<number, RecentRequest[]>();
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;

  function note(account: number, request: RecentRequest): void {
    const ofAccount = noted.get(account) ?? [];
    // The latest ones are shown, so the oldest makes room.
    if (ofAccount.length >= LIMITS.recentRequests) ofAccount.shift();
    else if (waiting >= MOST) return;
    else waiting += 1;
    ofAccount.push(request);
    noted.set(account, ofAccount);
    // Not one statement a request: the first one after a flush starts the clock.
    timer ??= outsideLogContext(() => setTimeout(() => void flush(), FLUSH_MS).unref());
  }

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const all = [...noted].map(([account, requests]) => ({ account, requests: requests.toReversed() }));
    noted = new Map();
    waiting = 0;
    if (all.length === 0) return;
    await withTimeout(QUERY_MS, addRequests(sql, all)).catch((error: unknown) =>
      log.warn({ err: error }, 'failed to write the recent requests of accounts; they are left out'),
    );
  }

  return { note, flush };
}

function requestOf(c: ApiContext): string {
  const request = `${c.req.method} ${shownPath(c)}`;
  const action = c.get('action');
  return action === undefined ? request : `${request} ${action}`;
}

/** Notes each request that came with a valid key. What the pages ask inside the process is no request of a program. */
export const noteRequests = (requests: RequestLog) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const started = performance.now();
    const at = new Date().toISOString();
    await next();
    const caller = c.get('caller') as ApiEnv['Variables']['caller'] | undefined;
    if (caller === undefined || c.env.keyOfSession !== undefined) return;
    requests.note(caller.accountId, {
      at,
      key: caller.keyId,
      request: requestOf(c),
      status: c.res.status,
      code: c.get('refused') ?? null,
      ms: Math.round(performance.now() - started),
      requestId: c.get('requestId'),
    });
  });
