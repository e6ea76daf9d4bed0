import { isFinal, percentDelivered } from '../../domain/order/status.ts';
import { allowedResolutions } from '../../domain/review/resolution.ts';
import { markdownText } from '../../domain/text/escape.ts';
import type { WorkflowView } from '../contract.ts';

/** The Temporal UI cuts off the last line of the field, so the text ends with an empty line. */
const SPARE = '\u00a0';

/**
 * The order in Markdown, for the Temporal UI. The most important lines come first: the status, the next step, the money. Text
 * from outside is escaped.
 */
export function details(view: WorkflowView): string {
  const { status, attention, reason, delivered, totalQuantity, price, charge, refunded, batches, events } = view;
  const state = [
    `**${status}**`,
    attention === 'none' ? '' : `needs attention: **${attention}**`,
    reason === null ? '' : `reason: ${reason}`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
  const percent = totalQuantity === 0 ? 0 : percentDelivered(delivered, totalQuantity);
  const count = `${delivered} of ${totalQuantity} (${percent} %)`;
  const upstream = batches
    .filter(({ providerOrder, state }) => providerOrder !== null || state === 'uncertain')
    .slice(-5)
    .map(({ batch, provider, providerOrder }) =>
      providerOrder === null
        ? `batch ${batch}: may be at provider ${provider}`
        : `batch ${batch}: order ${markdownText(providerOrder)} at provider ${provider}`,
    );
  return [
    // The workflow does not know the running number, and a bare 0 would read as if nothing had been delivered.
    `${state} · ${isFinal(status) ? `delivered ${count}` : `delivered by ended batches: ${count}`}`,
    view.parked === null ? '' : `**Stands still:** the database refuses a step of this order: ${view.parked}`,
    `**Next step:** ${advice(view)}`,
    `**Money:** ${isFinal(status) ? `price ${price} = charge ${charge} + refund ${refunded}` : `${price} held`}`,
    view.refill === null ? '' : refillLine(view.refill),
    view.runs === 1
      ? ''
      : `Run ${view.runsBegun} of ${view.runs}${view.nextRunAt === null ? '' : `, the next at ${view.nextRunAt}`}`,
    upstream.join('; '),
    [...events]
      .reverse()
      .map((event) => `- ${markdownText(event)}`)
      .join('\n'),
    SPARE,
  ]
    .filter((line) => line !== '')
    .join('\n\n');
}

const MEANING: Readonly<Record<string, string>> = {
  uncertain: 'look for it at the provider: it may or may not have been placed, and the money stays held',
  conflict: 'compare what the provider says with the target; the money stays held',
  review: 'ask the provider: the order has been In progress for too long, or no provider has taken it',
  stalled: 'ask the provider: it has delivered nothing for too long',
  paused: 'send `resume` when the reason for the pause is gone',
};

function refillLine({ id, status, missing }: NonNullable<WorkflowView['refill']>): string {
  return `Refill ${id ?? ''}: ${status}${missing === null ? '' : `, ${missing} missing`}`;
}

function advice({ status, attention, refillUntil, refill, queued }: WorkflowView): string {
  if (refill !== null && attention !== 'none') {
    const meaning =
      attention === 'uncertain' ? 'look at the provider whether the resend was placed' : 'decide about the refill';
    return `${meaning}. The signal \`resolve\` decides: ${allowedResolutions(attention).join(', ')}`;
  }
  if (refill !== null && attention === 'none') return 'none, a refill is under way';
  if (isFinal(status) && attention === 'none') {
    return refillUntil === null
      ? 'none, the order has ended'
      : `the signal \`refill\` asks for a refill, until ${refillUntil.replace(/\.\d+Z$/, 'Z')}`;
  }
  if (queued && attention === 'none')
    return 'none, the order waits for an earlier order for its link; `cancel` is possible';
  if (attention === 'none') return 'none, the order goes on by itself; `cancel` and `pause` are possible';
  return `${MEANING[attention]}. The signal \`resolve\` decides: ${allowedResolutions(attention).join(', ')}`;
}
