import { open } from '../../db/account/secrets.ts';
import { batchesByOrder, readOrders } from '../../db/order/orders.ts';
import { orderView } from '../../db/order/view.ts';
import { type Destination, type OpenDelivery, readDeliveries, stopDelivery } from '../../db/webhook/deliveries.ts';
import { DEADLINES, LIMITS } from '../../domain/limits.ts';
import { type DeliveryRound, eventName } from '../../domain/webhook/webhooks.ts';
import { readSecret, signWith } from '../../net/signature.ts';
import type { Deps } from '../runtime/deps.ts';
import { inGroups } from '../runtime/groups.ts';
import type { SendResult, ToldEvent } from './attempt.ts';
import { createSendMail } from './mail.ts';
import { post } from './post.ts';

/** Sends an event to a webhook, once. Undefined when nothing was sent: the delivery is over, or its webhook is disabled. */
export type Send = (round: DeliveryRound) => Promise<SendResult | undefined>;

export interface SendOptions {
  /** Certificates to trust instead of the usual ones, in PEM: only tests give them. */
  readonly ca?: string;
}

export function createSend(deps: Deps, { ca }: SendOptions = {}): Send {
  const { sql, masterKey, allowLoopback, currency } = deps;
  const sendMail = createSendMail(deps);

  // The deliveries that an outbox takes together are read together.
  const readDelivery = inGroups((rounds: readonly DeliveryRound[]) => readDeliveries(sql, rounds));
  const readOrder = inGroups(async (ids: readonly number[]) => {
    const orders = new Map((await readOrders(sql, ids)).map((order) => [order.id, order]));
    const batches = await batchesByOrder(sql, [...orders.keys()], LIMITS.batchesShown);
    return ids.map((id) => ({ order: orders.get(id), batches: batches.get(id) ?? [] }));
  });

  /** The order as its account reads it now; `version` is the event's. */
  async function dataOf({ orderId, version, refill }: OpenDelivery, endpoint: number): Promise<ToldEvent['data']> {
    const found = orderId === null ? undefined : await readOrder(orderId);
    if (found?.order === undefined) return { webhook: endpoint };
    const { order, batches } = found;
    return { version, ...(refill === null ? {} : { refill }), order: orderView(order, batches, currency, new Date()) };
  }

  const secretOf = (endpoint: number, cipher: Buffer): Buffer => {
    const secret = readSecret(open(masterKey, `webhook:${endpoint}`, cipher));
    if (secret === undefined) throw new Error(`the secret of webhook ${endpoint} is not readable`);
    return secret;
  };

  /** The previous secret; undefined when it was sealed with a master key that was lost. */
  const previousSecretOf = (endpoint: number, cipher: Buffer): Buffer | undefined => {
    try {
      return secretOf(endpoint, cipher);
    } catch {
      return undefined;
    }
  };

  function sendPost({ event, endpoint }: DeliveryRound, to: Destination & { kind: 'url' }, told: ToldEvent) {
    const body = Buffer.from(JSON.stringify(told));
    const id = eventName(event);
    const timestamp = String(Math.floor(Date.now() / 1_000));
    // The first one opens, or nothing is sent: only then is the other one's seal known to be an old one.
    const current = secretOf(endpoint, to.secretCipher);
    const previous = to.previousCipher === null ? undefined : previousSecretOf(endpoint, to.previousCipher);
    const secrets = previous === undefined ? [current] : [current, previous];
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signWith(secrets, { id, timestamp, body }),
    };
    return post(to.url, headers, body, {
      guard: { allowLoopback, httpsOnly: !allowLoopback },
      totalMs: DEADLINES.webhook,
      ca,
    });
  }

  return async (round) => {
    const delivery = await readDelivery(round);
    if (delivery === undefined) return undefined;
    if (delivery.isDisabled) {
      await stopDelivery(sql, round);
      return undefined;
    }
    const { destination, type, at } = delivery;
    const told = { type, timestamp: at.toISOString(), data: await dataOf(delivery, round.endpoint) };
    return destination.kind === 'url' ? sendPost(round, destination, told) : sendMail(round, destination.email, told);
  };
}
