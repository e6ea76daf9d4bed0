import { isFinal, percentDelivered } from '../domain/order.ts';
import { allowedResolutions } from '../domain/resolution.ts';
import type { OrderView } from './messages.ts';

/**
 * The order in Markdown, for the Temporal UI. It shows about six lines at first sight, so what matters comes first: where
 * the order is, what can be done, where the money is.
 */
export function details(view: OrderView): string {
  const { status, attention, reason, delivered, totalQuantity, price, charge, refunded, batches, events } = view;
  const state = [`**${status}**`, attention === 'none' ? '' : `needs attention: **${attention}**`, reason ?? '']
    .filter((part) => part !== '')
    .join(' · ');
  const percent = totalQuantity === 0 ? 0 : percentDelivered(delivered, totalQuantity);
  const upstream = batches
    .filter(({ providerOrder }) => providerOrder !== null)
    .slice(-5)
    .map(({ batch, provider, providerOrder }) => `batch ${batch}: order ${providerOrder} at provider ${provider}`);
  return [
    `${state} · ${delivered} of ${totalQuantity} known to be delivered (${percent} %)`,
    `**Can be done now:** ${advice(view)}`,
    `Price ${price} · charge ${charge} · refunded ${refunded}`,
    view.refill === null ? '' : refillLine(view.refill),
    view.runs === 1
      ? ''
      : `Run ${view.runsBegun} of ${view.runs}${view.nextRunAt === null ? '' : `, the next at ${view.nextRunAt}`}`,
    upstream.join('; '),
    [...events]
      .reverse()
      .map((event) => `- ${event}`)
      .join('\n'),
  ]
    .filter((line) => line !== '')
    .join('\n\n');
}

const MEANING: Readonly<Record<string, string>> = {
  uncertain: 'look it up at the provider: nobody knows whether it was placed, and the money stays held',
  conflict: 'compare what the provider says with the target; the money stays held',
  review: 'ask the provider: it has been In progress for too long, or no provider has taken it',
  stalled: 'ask the provider: nothing is being delivered',
  paused: 'send `resume` when the reason is gone',
};

function refillLine({ id, status, missing }: NonNullable<OrderView['refill']>): string {
  return `Refill ${id ?? ''}: ${status}${missing === null ? '' : `, ${missing} are missing`}`;
}

function advice({ status, attention, refillUntil, refill, queued }: OrderView): string {
  if (attention === 'review' && refill !== null) {
    return `the refill waits for you. Send \`resolve\` with action ${allowedResolutions('review').join(', ')}`;
  }
  if (refill !== null && attention === 'none') return 'nothing, a refill is under way';
  if (isFinal(status) && attention === 'none') {
    return refillUntil === null ? 'nothing, it has ended' : `until ${refillUntil} a refill: send \`refill\``;
  }
  if (queued && attention === 'none')
    return 'nothing, it waits for an earlier order for the link; `cancel` is possible';
  if (attention === 'none') return 'nothing, it goes on by itself; `cancel` and `pause` are possible';
  return `${MEANING[attention]}. Send \`resolveReview\` with action ${allowedResolutions(attention).join(', ')}`;
}
