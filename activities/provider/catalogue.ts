import { DEADLINES, LIMITS } from '../../domain/limits.ts';
import { type ProviderBalance, readBalanceAnswer } from '../../domain/provider/balance.ts';
import { type CatalogueAnswer, readServicesAnswer } from '../../domain/provider/catalogue-answer.ts';
import { call } from './call.ts';
import type { Panel } from './open-panel.ts';

/** The services that a provider lists now. */
export async function askServices(panel: Panel): Promise<CatalogueAnswer> {
  const options = { totalMs: DEADLINES.catalogue, maxBytes: LIMITS.catalogueAnswer };
  const result = await call(panel, { action: 'services' }, options);
  return result.kind === 'answered'
    ? readServicesAnswer(result.status, result.body)
    : { kind: 'unread', why: `no answer: ${result.detail}` };
}

export type BalanceAnswer =
  | ({ readonly kind: 'read' } & ProviderBalance)
  /** There was an answer, but no balance in it. */
  | { readonly kind: 'unread' }
  | { readonly kind: 'noAnswer'; readonly detail: string };

/** Our balance at a provider. */
export async function askBalance(panel: Panel): Promise<BalanceAnswer> {
  const result = await call(panel, { action: 'balance' }, { totalMs: DEADLINES.statusCall });
  if (result.kind !== 'answered') return { kind: 'noAnswer', detail: result.detail };
  const said = readBalanceAnswer(result.status, result.body);
  return said === undefined ? { kind: 'unread' } : { kind: 'read', ...said };
}
