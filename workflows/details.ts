import { percentDelivered } from '../domain/order.ts';
import type { OrderView } from './messages.ts';

/**
 * The order in Markdown, for the Temporal UI. It shows about six lines at first sight, so what matters comes first: where
 * the order is, where the money is, what can be done.
 */
export function details(view: OrderView): string {
  const { status, attention, reason, delivered, totalQuantity, price, charge, refunded, batches, events } = view;
  const state = [`**${status}**`, attention === 'none' ? '' : `needs attention: **${attention}**`, reason ?? '']
    .filter((part) => part !== '')
    .join(' · ');
  const upstream = batches
    .filter(({ providerOrder }) => providerOrder !== null)
    .map(({ batch, provider, providerOrder }) => `batch ${batch}: order ${providerOrder} at provider ${provider}`)
    .join('; ');
  return [
    `${state} · ${delivered} of ${totalQuantity} delivered (${totalQuantity === 0 ? 0 : percentDelivered(delivered, totalQuantity)} %)`,
    `**Can be done now:** ${advice(view)}`,
    `Price ${price} · charge ${charge} · refunded ${refunded}`,
    upstream,
    ...[...events].reverse().map((event) => `- ${event}`),
  ]
    .filter((line) => line !== '')
    .join('\n\n');
}

function advice({ status, attention }: OrderView): string {
  if (attention === 'uncertain') {
    return 'look the order up at the provider: it is not known whether it was placed; the money stays held';
  }
  if (attention === 'conflict') return 'compare what the provider says with the target; the money stays held';
  if (attention === 'review') return 'ask the provider; the order has been In progress for too long';
  return status === 'In progress' || status === 'Pending' || status === 'Processing'
    ? 'nothing, it goes on by itself'
    : 'nothing, it has ended';
}
