import type { FC } from 'hono/jsx';
import type { Provider } from '../../../../client/openapi.ts';
import { parseMoney } from '../../../../domain/ledger/money.ts';
import { LIMITS } from '../../../../domain/limits.ts';
import { countUpTo } from '../../view/formats.ts';
import { Time } from '../../view/parts.tsx';
import { addressOf } from '../links.tsx';

/** Whether orders are sent to the provider, and if not until when and why. */
export const ProviderState: FC<{ provider: Provider }> = ({ provider: { pausedUntil, pauseReason, pauseNote } }) =>
  pausedUntil === null ? (
    <span class="badge is-completed">open</span>
  ) : (
    <span>
      <span class="badge is-attention">paused</span>{' '}
      <span class="quiet">
        {pauseReason}, ends <Time at={pausedUntil} />
        {pauseNote === null ? '' : `: ${pauseNote}`}
      </span>
    </span>
  );

/** Whether a balance is below the one that raises an alert. */
export function isLow({ balance, lowBalance }: Pick<Provider, 'balance' | 'lowBalance'>): boolean {
  const [has, least] = [parseMoney(balance ?? ''), parseMoney(lowBalance ?? '')];
  return has !== undefined && least !== undefined && has < least;
}

/** Our balance there, in the provider's own currency. */
export const Balance: FC<{ provider: Provider }> = ({ provider }) => {
  const { balance, currency } = provider;
  if (balance === null) return <span class="quiet">not known</span>;
  return (
    <span class={`amount ${isLow(provider) ? 'late' : ''}`}>
      {balance} {currency === null ? '' : <span class="quiet">{currency}</span>}
    </span>
  );
};

/** How many runs of orders it delivers now, which leads to the orders. */
export const Running: FC<{ provider: Provider }> = ({ provider: { id, running } }) => (
  <a href={addressOf('/ops/orders', { provider: id, status: 'In progress' })}>
    {countUpTo(LIMITS.ordersCounted, running)}
  </a>
);
