import { isRecent, isSignedWith, readSecret } from '../net/signature.ts';
import type { Order } from './operations.ts';

/** A webhook's message. `refill` is there for events of refills, `webhook` for `webhook.test`. */
export interface WebhookEvent {
  readonly type: string;
  readonly timestamp: string;
  readonly data: {
    readonly version?: number;
    readonly order?: Order;
    readonly refill?: number;
    readonly webhook?: number;
  };
}

export interface VerifiedEvent {
  /** The same however often the event is sent: remember it, and handle it once. */
  readonly id: string;
  readonly event: WebhookEvent;
}

/** The headers of a request by lower-case name, as node:http has them. */
export type WebhookHeaders = Readonly<Record<string, string | string[] | undefined>>;

const one = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '');

/**
 * The event in a webhook's request, or undefined when it is not genuine: signed with another secret, changed on the way, or
 * older than five minutes. `body` is the bytes as they arrived, before any JSON parser. Throws when the secret is not one
 * (`whsec_…`).
 */
export function verifyWebhook(secret: string, headers: WebhookHeaders, body: Uint8Array): VerifiedEvent | undefined {
  const key = readSecret(secret);
  if (key === undefined) throw new TypeError('the secret of a webhook is whsec_ and base64');
  const id = one(headers['webhook-id']);
  const timestamp = one(headers['webhook-timestamp']);
  const signature = one(headers['webhook-signature']);
  if (id === '' || !isRecent(timestamp, Date.now())) return undefined;
  if (!isSignedWith(key, { id, timestamp, signature, body })) return undefined;
  return { id, event: JSON.parse(Buffer.from(body).toString('utf8')) as WebhookEvent };
}
