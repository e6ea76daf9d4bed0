import { type OpenDelivery, readDelivery, stopDelivery } from '../../db/deliveries.ts';
import { orderView } from '../../db/order-view.ts';
import { batchesOf, readOrder } from '../../db/orders.ts';
import { open } from '../../db/secrets.ts';
import { DEADLINES, LIMITS } from '../../domain/limits.ts';
import { type DeliveryRound, eventName } from '../../domain/webhooks.ts';
import { readSecret, signWith } from '../../net/signature.ts';
import type { Deps } from '../deps.ts';
import { type PostResult, post } from './post.ts';

/** Tells a webhook of an event, once. Undefined: nothing was sent, and nothing is to be. */
export type Send = (round: DeliveryRound) => Promise<PostResult | undefined>;

export function createSend(deps: Deps): Send {
  const { sql, masterKey, allowLoopback, currency } = deps;

  /** The order as its account reads it at this moment; version is that of the event. */
  async function dataOf({ orderId, version, refill }: OpenDelivery, endpoint: number): Promise<object> {
    const order = orderId === null ? undefined : await readOrder(sql, orderId);
    if (order === undefined) return { webhook: endpoint };
    const batches = await batchesOf(sql, [order.id], LIMITS.batchesShown);
    return { version, ...(refill === null ? {} : { refill }), order: orderView(order, batches, currency, new Date()) };
  }

  const secretOf = (endpoint: number, cipher: Buffer): Buffer => {
    const secret = readSecret(open(masterKey, `webhook:${endpoint}`, cipher));
    if (secret === undefined) throw new Error(`the secret of webhook ${endpoint} is none`);
    return secret;
  };

  return async (round) => {
    const { event, endpoint } = round;
    const delivery = await readDelivery(sql, round);
    if (delivery === undefined) return undefined;
    if (delivery.isDisabled) {
      await stopDelivery(sql, round);
      return undefined;
    }
    const { url, type, at, secretCipher, previousCipher } = delivery;
    const data = await dataOf(delivery, endpoint);
    const body = Buffer.from(JSON.stringify({ type, timestamp: at.toISOString(), data }));
    const ciphers = previousCipher === null ? [secretCipher] : [secretCipher, previousCipher];
    const id = eventName(event);
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const secrets = ciphers.map((cipher) => secretOf(endpoint, cipher));
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signWith(secrets, { id, timestamp, body }),
    };
    return post(url, headers, body, {
      guard: { allowLoopback, httpsOnly: !allowLoopback },
      totalMs: DEADLINES.webhook,
    });
  };
}
