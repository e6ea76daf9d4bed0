import { Gauge, type Registry } from 'prom-client';
import { readProof } from '../../db/ledger/proof.ts';
import type { Deps } from '../deps.ts';
import { NOT_KNOWN } from '../http/timeouts.ts';
import { answerOf, sharedRead } from './shared-read.ts';

type Figure = 'drift' | 'ageSeconds' | 'wholeAgeSeconds';

/** What the proof of the ledger stored; a scrape proves nothing. NaN before the first proof, or when PostgreSQL does not answer. */
export function gaugeLedger(registry: Registry, { sql, log }: Pick<Deps, 'sql' | 'log'>): void {
  const proof = sharedRead(() => answerOf(log, 'failed to read the proof of the ledger', readProof(sql)));
  const gauge = (name: string, help: string, figure: Figure) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.set((await proof())?.[figure] ?? NOT_KNOWN);
      },
    });
  gauge('holdfast_ledger_drift', 'Errors in the ledger, as the last proof found; 0 is right, NaN is unknown', 'drift');
  gauge(
    'holdfast_ledger_proof_age_seconds',
    'Seconds since the last proof of all that is new or open ended; it runs every minute, NaN is unknown',
    'ageSeconds',
  );
  gauge(
    'holdfast_ledger_whole_proof_age_seconds',
    'Everything in the ledger, however old, was proved within so many seconds; less than two days, NaN is unknown',
    'wholeAgeSeconds',
  );
}
