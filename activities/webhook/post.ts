import { buildConnector, Client } from 'undici';
import { LIMITS } from '../../domain/limits.ts';
import { retryAfterOf } from '../../domain/webhook/webhooks.ts';
import { isTlsError } from '../../net/tls-errors.ts';
import { findTarget, type GuardOptions } from '../../net/url-guard.ts';

/** Why there was no answer. address_refused: the address is not allowed, or the name has no address. */
type PostError = 'address_refused' | 'no_connection' | 'tls' | 'timeout' | 'broken_answer';

/** retryAfter: the wait that the receiver asks for, in seconds; 0 when it asks for none. */
export type PostResult =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: number }
  | { readonly kind: 'failed'; readonly error: PostError };

export interface PostOptions {
  readonly guard: GuardOptions;
  /** Milliseconds for everything, from looking the name up to the last byte of the answer. */
  readonly totalMs: number;
  /** Certificates trusted instead of the usual ones, in PEM. */
  readonly ca?: string | undefined;
}

const HEADER_BYTES = 16_384;

/**
 * One POST to an address that a customer gave us, on a connection of its own. The connection is made to the address that was
 * checked, even when the name resolves to another one a moment later. Redirects are not followed, and no proxy is used. Only the
 * status counts: a limited part of the body is read within the same time and thrown away.
 */
export async function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  { guard, totalMs, ca }: PostOptions,
): Promise<PostResult> {
  const signal = AbortSignal.timeout(totalMs);
  const target = await Promise.race([findTarget(url, guard), over(signal)]);
  if (target === undefined) return { kind: 'failed', error: 'timeout' };
  if (target.kind === 'refused') return { kind: 'failed', error: 'address_refused' };
  const { origin, pathname, search } = new URL(url);
  const connector = buildConnector({ timeout: totalMs, ...(ca === undefined ? {} : { ca }) });
  let connected = false;
  const client = new Client(origin, {
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: totalMs,
    bodyTimeout: totalMs,
    // Only the address is replaced: the certificate is still checked against the host name, and the receiver still reads it.
    connect: (wanted, callback) =>
      connector({ ...wanted, hostname: target.address }, (...made) => {
        connected = made[0] === null;
        callback(...made);
      }),
  });
  try {
    const answer = await client.request({
      method: 'POST',
      path: pathname + search,
      headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'Holdfast-Webhooks/1' },
      body,
      signal,
    });
    await readSome(answer.body);
    const asked = answer.headers['retry-after'];
    const retryAfter = retryAfterOf(answer.statusCode, Array.isArray(asked) ? asked[0] : asked, Date.now());
    return { kind: 'answered', status: answer.statusCode, retryAfter };
  } catch (error) {
    return { kind: 'failed', error: errorOf(error, signal.aborted, connected) };
  } finally {
    // A receiver that keeps sending is cut off.
    await client.destroy();
  }
}

/** Reads the body so that a receiver is not cut off in the middle of its work. An error in the body changes nothing. */
async function readSome(body: AsyncIterable<Buffer>): Promise<void> {
  let read = 0;
  try {
    for await (const chunk of body) {
      read += chunk.length;
      if (read > LIMITS.webhookAnswer) break;
    }
  } catch {
    // The time was over, or the receiver broke off.
  }
}

function errorOf(error: unknown, late: boolean, connected: boolean): PostError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (late || code.endsWith('_TIMEOUT')) return 'timeout';
  if (connected) return 'broken_answer';
  return isTlsError(code) ? 'tls' : 'no_connection';
}

const over = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
