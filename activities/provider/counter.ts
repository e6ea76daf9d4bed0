import { buildConnector, Client } from 'undici';
import { DEADLINES, LIMITS } from '../../domain/limits.ts';
import { readCountAnswer } from '../../domain/provider/answers.ts';
import { checkConnection, type GuardOptions } from '../../net/url-guard.ts';
import { describe, inTime } from './exchange.ts';

export type CounterAnswer =
  | { readonly kind: 'counted'; readonly count: number }
  /** `detail` has neither the link nor the source's words. */
  | { readonly kind: 'unanswered'; readonly detail: string };

/** Asks a counter source for a link's count, once: `GET <counterUrl>?link=<link>`. Redirects are not followed. */
export async function readCount(counterUrl: string, link: string, guard: GuardOptions): Promise<CounterAnswer> {
  const url = new URL(counterUrl);
  url.searchParams.set('link', link);
  const signal = AbortSignal.timeout(DEADLINES.count);
  const target = await inTime(checkConnection(counterUrl, guard), signal);
  if (target === undefined) return { kind: 'unanswered', detail: 'no answer in time' };
  if (target.kind === 'refused') return { kind: 'unanswered', detail: target.code };
  const connect = buildConnector({ timeout: DEADLINES.count, lookup: target.lookup });
  const client = new Client(url.origin, { connect, maxResponseSize: LIMITS.counterAnswer });
  try {
    const response = await client.request({
      method: 'GET',
      path: url.pathname + url.search,
      headers: { accept: 'application/json' },
      signal,
    });
    const count = readCountAnswer(response.statusCode, await response.body.text());
    return count === null
      ? { kind: 'unanswered', detail: `HTTP ${response.statusCode} without a count` }
      : { kind: 'counted', count };
  } catch (error) {
    return { kind: 'unanswered', detail: describe(error) };
  } finally {
    await client.destroy();
  }
}
