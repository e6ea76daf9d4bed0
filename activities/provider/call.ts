import { type Exchange, type ExchangeOptions, exchange, type PanelParameters } from './exchange.ts';
import type { Panel } from './open-panel.ts';

/**
 * One call of the panel API with our key, counted and traced under its action. The request itself has no trace header: a provider
 * learns nothing of what happens here.
 */
export async function call(
  { url, key, guard, counted, traced }: Panel,
  parameters: PanelParameters & { readonly action: string },
  options: Omit<ExchangeOptions, 'guard'>,
): Promise<Exchange> {
  const begun = performance.now();
  const ask = () => exchange(url, { ...parameters, key }, { ...options, guard });
  const result = await (traced === undefined
    ? ask()
    : traced(parameters.action, async (set) => {
        const answer = await ask();
        set({
          'holdfast.outcome': answer.kind,
          'http.response.status_code': answer.kind === 'answered' ? answer.status : undefined,
        });
        return answer;
      }));
  counted?.(parameters.action, result, performance.now() - begun);
  return result;
}
