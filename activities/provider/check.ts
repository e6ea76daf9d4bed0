import { saveCatalogue } from '../../db/catalogue/provider-catalogue.ts';
import { judgeRoutes } from '../../db/catalogue/route-checks.ts';
import { readCheckedProvider, recordBalance, recordProblem } from '../../db/provider/checks.ts';
import { setAlerts } from '../../db/reconcile/alerts.ts';
import type { CatalogueRow } from '../../domain/catalogue/changes.ts';
import { parseMoney } from '../../domain/ledger/money.ts';
import { balanceTroubles } from '../../domain/provider/balance.ts';
import type { ProviderChecked } from '../../domain/provider/check.ts';
import type { ProviderCheckInput } from '../../workflows/contract.ts';
import type { Deps } from '../runtime/deps.ts';
import { askBalance, askServices, type BalanceAnswer } from './catalogue.ts';
import { openPanel } from './open-panel.ts';

const NOTHING = { services: 0, unreadable: 0, added: 0, changed: 0, gone: 0, held: 0, freed: 0, repriced: 0 };

/**
 * Checks a provider: our balance there, what it sells, and what follows for our routes. Missing or unreadable answers change
 * nothing. Throws only errors of PostgreSQL.
 */
export const createProviderCheck =
  (deps: Deps) =>
  async (provider: number): Promise<ProviderChecked> => {
    const { sql, currency, log } = deps;
    const stored = await readCheckedProvider(sql, provider);
    const { lowBalance } = stored;
    const panel = openPanel(deps, provider, stored);

    /** Stores the balance. A low balance, or one in another currency, raises an alert until a later balance is right. */
    async function takeBalance(said: BalanceAnswer): Promise<void> {
      if (said.kind !== 'read') return log.warn({ provider }, 'a provider did not say its balance');
      const named = { ...said, currency: await recordBalance(sql, provider, said, new Date()) };
      const { provider_balance, provider_currency } = balanceTroubles(named, parseMoney(lowBalance ?? ''), currency);
      const subject = `provider:${provider}`;
      const troubles = [
        { kind: 'provider_balance', subject, detail: provider_balance },
        { kind: 'provider_currency', subject, detail: provider_currency },
      ] as const;
      for (const alert of await setAlerts(sql, troubles))
        log.warn({ provider, ...alert }, 'raised an alert about a provider');
    }

    async function takeCatalogue(rows: readonly CatalogueRow[]) {
      const saved = await saveCatalogue(sql, provider, rows, new Date());
      const { raised, ...judged } = await judgeRoutes(sql, provider, currency);
      for (const alert of raised) log.warn({ provider, ...alert }, 'raised an alert about a route');
      return { ...saved, ...judged };
    }

    async function unread(problem: string, balanceRead: boolean): Promise<ProviderChecked> {
      await recordProblem(sql, provider, problem);
      log.warn({ provider, problem }, 'the catalogue of a provider was not read');
      return { ...NOTHING, read: false, problem, balanceRead };
    }

    const balance = await askBalance(panel);
    await takeBalance(balance);
    const balanceRead = balance.kind === 'read';
    // A provider that did not answer at all is not asked a second time.
    if (balance.kind === 'noAnswer') return unread(`no answer: ${balance.detail}`, balanceRead);
    const catalogue = await askServices(panel);
    if (catalogue.kind === 'unread') return unread(catalogue.why, balanceRead);
    const { rows, unreadable } = catalogue;
    const taken = await takeCatalogue(rows);
    return { ...taken, read: true, problem: null, balanceRead, services: rows.length, unreadable };
  };

export const createProviderCheckActivities = (deps: Deps) => {
  const check = createProviderCheck(deps);
  return { checkProvider: ({ providerId }: ProviderCheckInput): Promise<ProviderChecked> => check(providerId) };
};
