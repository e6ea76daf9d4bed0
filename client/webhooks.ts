import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import type { Order } from './openapi.ts';

/** A webhook's message. Events of refills have `refill`, the event `webhook.test` has `webhook`. */
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
  /** The same however often the event is sent: store it, and handle each id once. */
  readonly id: string;
  readonly event: WebhookEvent;
}

/** The headers of a request by lower-case name, as node:http has them. */
export type WebhookHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Verifies signatures of one secret. Throws when the secret is not one of Holdfast's. */
function verifierOf(secret: string): Webhook {
  try {
    if (secret.startsWith('whsec_')) return new Webhook(secret);
  } catch {
    // The base64 is broken or empty: the message below says how a secret looks.
  }
  throw new TypeError('the secret of a webhook is `whsec_` followed by base64');
}

/**
 * The event in a webhook's request, or undefined when the request is not genuine: signed with another secret, changed on the
 * way, or older than five minutes. `body` is the bytes as they arrived, before any JSON parser. Throws a TypeError when the
 * secret is not `whsec_…`.
 */
export function verifyWebhook(secret: string, headers: WebhookHeaders, body: Uint8Array): VerifiedEvent | undefined {
  const verifier = verifierOf(secret);
  const header = (name: string): string => {
    const value = headers[name];
    return typeof value === 'string' ? value : '';
  };
  const signed = {
    'webhook-id': header('webhook-id'),
    'webhook-timestamp': header('webhook-timestamp'),
    'webhook-signature': header('webhook-signature'),
  };
  try {
    return { id: signed['webhook-id'], event: verifier.verify(Buffer.from(body), signed) as WebhookEvent };
  } catch (error) {
    if (error instanceof WebhookVerificationError) return undefined;
    throw error;
  }
}
