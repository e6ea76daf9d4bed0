import { listProviderHealth, type ProviderHealth } from '../../../db/provider/health.ts';
import { check } from '../check.ts';
import { counted, type Finding, ok, skipped, warning, wrong } from '../finding.ts';

/** What to do about each reason of a pause. */
const MENDS: Readonly<Record<string, (id: number) => string>> = {
  funds: (id) => `add money at the provider, then POST /v1/admin/providers/${id}/resume`,
  key: (id) =>
    `give its key anew on /ops/providers/${id}, or: PATCH /v1/admin/providers/${id} with key; then POST /v1/admin/providers/${id}/resume`,
  throttled: () => 'wait: one order probes after the pause; lower maxParallelSends if it comes again',
};
const ANY = 'see docs/troubled-providers.md: one order probes after the pause';

export function judgeProviders(providers: readonly ProviderHealth[]): Finding[] {
  if (providers.length === 0) return [skipped('there are no providers')];
  const findings = providers.flatMap(({ id, name, pausedUntil, pauseReason, pauseNote, silent }) => {
    const found: Finding[] = [];
    const who = `provider ${id} (${name})`;
    if (silent !== null) {
      found.push(wrong(`${who} is silent: ${silent}`, `see its last calls: GET /v1/admin/providers/${id}/calls`));
    }
    if (pausedUntil === null) return found;
    const until = pausedUntil.toISOString();
    if (pauseReason === 'staff') {
      const note = pauseNote === null ? '' : `: ${pauseNote}`;
      found.push(warning(`staff paused ${who} until ${until}${note}`, `POST /v1/admin/providers/${id}/resume`));
    } else {
      const reason = pauseReason ?? 'trouble';
      found.push(wrong(`${who} is paused until ${until} (${reason})`, MENDS[reason]?.(id) ?? ANY));
    }
    return found;
  });
  return findings.length === 0 ? [ok(`${counted(providers.length, 'provider')}, none paused or silent`)] : findings;
}

export const providers = check(
  'providers',
  async ({ database }) => listProviderHealth(await database()),
  judgeProviders,
);
