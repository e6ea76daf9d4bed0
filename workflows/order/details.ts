import { isFinal, percentDelivered } from '../../domain/order/status.ts';
import { allowedResolutions } from '../../domain/review/resolution.ts';
import { markdownText } from '../../domain/text/escape.ts';
import type { WorkflowView } from '../contract.ts';

/** The Temporal UI makes the field a line too short for its text, so the last line is an empty one. */
const SPARE = '\u00a0';

/**
 * The order in Markdown, for the Temporal UI; what comes from outside is text in it and nothing else. What matters comes first: where the order is, what can be done, where the
 * money is.
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
        ? `batch ${batch}: perhaps at provider ${provider}`
        : `batch ${batch}: order ${markdownText(providerOrder)} at provider ${provider}`,
    );
  return [
    // The running number is not told to the workflow: a 0 must not read as if nothing had come.
    `${state} · ${isFinal(status) ? `delivered ${count}` : `delivered by ended batches: ${count}`}`,
    view.parked === null ? '' : `**Stands still:** a step of it can never be written down as it is: ${view.parked}`,
    `**Can be done now:** ${advice(view)}`,
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
  uncertain: 'look it up at the provider: nobody knows whether it was placed, and the money stays held',
  conflict: 'compare what the provider says with the target; the money stays held',
  review: 'ask the provider: it has been In progress for too long, or no provider has taken it',
  stalled: 'ask the provider: nothing is being delivered',
  paused: 'send `resume` when the reason is gone',
};

function refillLine({ id, status, missing }: NonNullable<WorkflowView['refill']>): string {
  return `Refill ${id ?? ''}: ${status}${missing === null ? '' : `, ${missing} are missing`}`;
}

function advice({ status, attention, refillUntil, refill, queued }: WorkflowView): string {
  if (refill !== null && attention !== 'none') {
    const meaning =
      attention === 'uncertain' ? 'look up at the provider whether it was sent again' : 'the refill waits for you';
    return `${meaning}. The signal \`resolve\` decides: ${allowedResolutions(attention).join(', ')}`;
  }
  if (refill !== null && attention === 'none') return 'nothing, a refill is under way';
  if (isFinal(status) && attention === 'none') {
    return refillUntil === null
      ? 'nothing, it has ended'
      : `the signal \`refill\` asks for a refill, until ${refillUntil.replace(/\.\d+Z$/, 'Z')}`;
  }
  if (queued && attention === 'none')
    return 'nothing, it waits for an earlier order for the link; `cancel` is possible';
  if (attention === 'none') return 'nothing, it goes on by itself; `cancel` and `pause` are possible';
  return `${MEANING[attention]}. The signal \`resolve\` decides: ${allowedResolutions(attention).join(', ')}`;
}
