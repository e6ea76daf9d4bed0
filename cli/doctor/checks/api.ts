import { z } from 'zod';
import { check } from '../check.ts';
import { type Finding, ok, skipped, unknown, wrong } from '../finding.ts';
import type { Installation } from '../installation.ts';

/** The answer of /readyz. */
export type ApiReading =
  | { readonly url: undefined }
  | { readonly url: string; readonly down: string }
  | { readonly url: string; readonly status: number; readonly missing: readonly string[] };

const body = z.object({ missing: z.array(z.string()).default([]) });

async function read({ settings, fetch, answerMs }: Installation): Promise<ApiReading> {
  const { apiUrl: url, isLocalStack } = settings;
  if (url === undefined) return { url };
  try {
    const response = await fetch(new URL('/readyz', url), { redirect: 'error', signal: AbortSignal.timeout(answerMs) });
    const read = body.safeParse(await response.json().catch(() => ({})));
    return { url, status: response.status, missing: read.data?.missing ?? [] };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = cause instanceof Error ? cause.message : String(cause);
    return { url, down: isLocalStack ? `${why}; the local stack starts it again` : why };
  }
}

export function judgeApi(reading: ApiReading): Finding[] {
  if (reading.url === undefined) return [skipped('no address of the API is known: set HOLDFAST_URL, or give --url')];
  const { url } = reading;
  if ('down' in reading) return [wrong(`the API cannot be reached at ${url}: ${reading.down}`, 'npm run start:api')];
  const { status, missing } = reading;
  if (status === 200) return [ok(`the API at ${url} is ready`)];
  if (status === 503 && missing.length > 0) {
    const mend = missing.includes('migrations') ? 'npm run migrate' : `see the checks of ${missing.join(' and ')}`;
    return [wrong(`the API at ${url} is not ready: it misses ${missing.join(', ')}`, mend)];
  }
  if (status === 503) return [unknown(`the API at ${url} is stopping, or its proxy has none that is ready: ask again`)];
  return [unknown(`${url}/readyz answers ${status}: is it the API, and does its proxy let /readyz through?`)];
}

export const api = check('api', read, judgeApi);
