import { readResolution } from '../review/resolution.ts';
import type { Decision } from './batch.ts';
import type { OrderState } from './state.ts';
import { recordEvent } from './timeline.ts';

/** Most order ids in one event. */
const SHOWN = 10;

/**
 * Applies evidence about an attempt whose outcome was not known: from the provider's list of orders, or from a late answer. It
 * counts only while that same attempt is uncertain and undecided, so repeated evidence, or evidence after a person's decision,
 * changes nothing. Staff can send this signal too, so every field is checked.
 */
export function applyEvidence(state: OrderState, message: unknown, now: number): void {
  const { batch: number, attempt, kind, orders } = (message ?? {}) as Readonly<Record<string, unknown>>;
  const batch = state.batches.find(
    (one) => one.number === number && one.attempt === attempt && one.state === 'uncertain' && one.decision === null,
  );
  if (batch === undefined) return;
  if (kind === 'candidates') {
    const ids = Array.isArray(orders) ? orders.filter((id): id is string => isId(id)) : [];
    if (ids.length === 0) return;
    const more = ids.length > SHOWN ? ` and ${ids.length - SHOWN} more` : '';
    recordEvent(state, now, 'attempt.candidates', 'system', {
      batch: batch.number,
      providerOrders: ids.slice(0, SHOWN).join(', ') + more,
    });
    return;
  }
  const decision = readEvidence(kind, message);
  if (decision === undefined) return;
  batch.decision = decision;
  const found = decision.kind === 'attach' ? { providerOrder: decision.providerOrder } : {};
  recordEvent(state, now, `found.${decision.kind}`, 'system', { batch: batch.number, ...found });
}

const isId = (id: unknown): boolean => typeof readResolution({ action: 'attach', providerOrder: id }, 0) !== 'string';

function readEvidence(kind: unknown, message: unknown): Decision | undefined {
  if (kind === 'notPlaced') return { kind };
  const read = kind === 'attach' ? readResolution({ ...(message as object), action: 'attach' }, 0) : undefined;
  return typeof read === 'object' && read.action === 'attach'
    ? { kind: 'attach', providerOrder: read.providerOrder }
    : undefined;
}
