import { type Exchange, type ExchangeOptions, exchange, type PanelParameters } from './exchange.ts';
import type { Panel } from './open-panel.ts';

/** One call of the panel API with our key, counted under its action. */
export async function call(
  { url, key, guard, counted }: Panel,
  parameters: PanelParameters & { readonly action: string },
  options: Omit<ExchangeOptions, 'guard'>,
): Promise<Exchange> {
  const begun = performance.now();
  const result = await exchange(url, { ...parameters, key }, { ...options, guard });
  counted?.(parameters.action, result, performance.now() - begun);
  return result;
}
