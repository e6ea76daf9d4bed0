import { Gauge, type Registry } from 'prom-client';
import { watchedWork } from '../../db/delivery/watch-rounds.ts';
import { listBalances } from '../../db/provider/checks.ts';
import { listProviderHealth } from '../../db/provider/health.ts';
import type { Deps } from '../deps.ts';
import { NOT_KNOWN } from '../http/timeouts.ts';
import { answerOf, sharedRead } from './shared-read.ts';

type Source = Pick<Deps, 'sql' | 'log'>;

/** A gauge with a value for each provider; without an answer of PostgreSQL it has none. */
function gauge(
  registry: Registry,
  { name, help }: { readonly name: string; readonly help: string },
  read: () => Promise<readonly { readonly provider: number; readonly value: number }[]>,
): void {
  new Gauge({
    name,
    help,
    labelNames: ['provider'],
    registers: [registry],
    async collect() {
      const values = await read();
      this.reset();
      for (const { provider, value } of values) this.set({ provider: String(provider) }, value);
    },
  });
}

/** Balances, pauses, and whether providers with running batches are asked and answer. */
export function gaugeProviders(registry: Registry, { sql, log }: Source): void {
  const balance = {
    name: 'holdfast_provider_balance',
    help: 'Our balance at each provider, in its own currency; NaN is unknown',
  };
  gauge(registry, balance, async () => {
    const balances = await answerOf(log, 'failed to read the balances at the providers', listBalances(sql));
    return (balances ?? []).map(({ provider, balance }) => ({
      provider,
      value: balance === null ? NOT_KNOWN : Number(balance),
    }));
  });

  const paused = { name: 'holdfast_provider_paused', help: '1: no order is sent to the provider now' };
  gauge(registry, paused, async () => {
    const health = await answerOf(log, 'failed to read the pauses of the providers', listProviderHealth(sql));
    return (health ?? []).map(({ id, pausedUntil }) => ({ provider: id, value: pausedUntil === null ? 0 : 1 }));
  });

  const work = sharedRead(() => answerOf(log, 'failed to read the rounds of the watches', watchedWork(sql)));
  const lag = {
    name: 'holdfast_watch_lag_seconds',
    help: 'How late the next round of a provider with running batches is; 0 is in time',
  };
  gauge(registry, lag, async () =>
    ((await work()) ?? []).map(({ provider, unseenSeconds, pollSeconds }) => ({
      provider,
      value: Math.max(0, unseenSeconds - pollSeconds),
    })),
  );
  const silent = {
    name: 'holdfast_provider_silent_seconds',
    help: 'For how long a provider with running batches has answered no call; 0 is that it answers',
  };
  gauge(registry, silent, async () =>
    ((await work()) ?? []).map(({ provider, silentSeconds }) => ({ provider, value: silentSeconds })),
  );
}
