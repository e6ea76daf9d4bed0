import { vi } from 'vitest';
import type { Sql } from '../../../db/client.ts';
import { proveLedger } from '../../../db/ledger/proof.ts';

/**
 * Proves the books until every transfer is confirmed. A proof confirms no transfer beside a transaction that is open anywhere on the
 * server, and other tests have such.
 */
export async function untilProved(sql: Sql): Promise<void> {
  const isProved = async () => {
    await proveLedger(sql);
    const [row] = await sql<{ whole: boolean }[]>`
      select proved_to = (select max(id) from transfers) as whole from ledger_proof`;
    return row?.whole === true;
  };
  await vi.waitUntil(isProved, { timeout: 90_000, interval: 100 });
}
