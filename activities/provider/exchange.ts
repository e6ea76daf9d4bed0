import type { Socket } from 'node:net';
import { buildConnector, Client } from 'undici';
import { LIMITS } from '../../domain/limits.ts';
import { checkConnection, type GuardOptions } from '../../net/url-guard.ts';

/** The parameters of a panel API v2 call. They contain our key, so they are never logged. */
export type PanelParameters = Readonly<Record<string, string>>;

export type Exchange =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly body: string;
      /** The header Retry-After, as it was written. */
      readonly retryAfter?: string;
    }
  /** The request provably never left this process: there was no connection, or it came too late to be used. */
  | { readonly kind: 'notSent'; readonly detail: string }
  /** The request left, or may have left; no whole answer came back. */
  | { readonly kind: 'noAnswer'; readonly detail: string };

export interface ExchangeOptions {
  /** Where requests may go; checked at every connection, because a name's address may have changed. */
  readonly guard: GuardOptions;
  /** Milliseconds for everything, from connecting to the last byte of the answer. */
  readonly totalMs: number;
  /** The moment (performance.now()) after which the request must no longer start to leave. */
  readonly notAfter?: number;
  /** The most bytes of an answer, by default LIMITS.providerAnswer; a longer answer counts as none. */
  readonly maxBytes?: number;
}

const CONNECT_MS = 5_000;

/** The detail of `noAnswer` when the answer was longer than `maxBytes`. */
export const TOO_LARGE = 'UND_ERR_RES_EXCEEDED_MAX_SIZE';

/**
 * One POST on a connection of its own, to an address that was checked for it. A kept-alive socket that the server is just closing
 * would hide whether the request arrived. Redirects are not followed. What the socket proves decides between `notSent` and
 * `noAnswer`: until the connector hands over a connected (and with TLS, verified) socket, not a byte has left.
 */
export async function exchange(url: string, parameters: PanelParameters, options: ExchangeOptions): Promise<Exchange> {
  const { origin, pathname, search } = new URL(url);
  const signal = AbortSignal.timeout(options.totalMs);
  let handedOver = false;
  const { notAfter = Number.POSITIVE_INFINITY } = options;
  // The monotonic clock may stand still while a machine is suspended, and the wall clock may be set: both must allow the send.
  const wallLimit = Date.now() + notAfter - performance.now();
  const tooLate = () => signal.aborted || performance.now() > notAfter || Date.now() > wallLimit;
  const target = await inTime(checkConnection(url, options.guard), signal);
  if (target === undefined) return { kind: 'notSent', detail: LATE };
  if (target.kind === 'refused') return { kind: 'notSent', detail: target.code };
  const connector = buildConnector({ timeout: Math.min(CONNECT_MS, options.totalMs), lookup: target.lookup });
  const client = new Client(origin, {
    pipelining: 1,
    maxResponseSize: options.maxBytes ?? LIMITS.providerAnswer,
    headersTimeout: options.totalMs,
    bodyTimeout: options.totalMs,
    connect: (target, callback) => {
      connector(target, (error, socket) => {
        if (error !== null) {
          callback(error, null);
        } else if (tooLate()) {
          // This process may have been frozen since it took the attempt, and a person may have decided meanwhile.
          (socket as Socket).destroy();
          callback(new Error('too late to send'), null);
        } else {
          handedOver = true;
          callback(null, socket);
        }
      });
    },
  });
  try {
    const response = await client.request({
      method: 'POST',
      path: pathname + search,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams(parameters).toString(),
      signal,
    });
    const { 'retry-after': retryAfter } = response.headers;
    const body = withoutKey(await response.body.text(), parameters.key);
    return {
      kind: 'answered',
      status: response.statusCode,
      body,
      ...(typeof retryAfter === 'string' ? { retryAfter } : {}),
    };
  } catch (error) {
    return handedOver ? { kind: 'noAnswer', detail: describe(error) } : { kind: 'notSent', detail: describe(error) };
  } finally {
    // The exchange is over either way; a server that keeps sending is cut off.
    await client.destroy();
  }
}

/** The result of `work`, or undefined when the signal is aborted first. */
export const inTime = <T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
    work.then(resolve, reject);
  });

/** Cuts out our key: some panels quote the request in their errors, which we store and show to staff. */
const withoutKey = (body: string, key: string | undefined): string =>
  key === undefined || key === '' ? body : body.replaceAll(key, '[key]');

const LATE = 'no answer in time';

/** The kind of failure, without addresses or anything the request held. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return error.name === 'TimeoutError' ? LATE : (code ?? error.name);
}
