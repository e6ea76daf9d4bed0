import type { LedgerPart, ProvedItems } from '../../db/ledger/ledger.ts';
import type { Ends } from '../../db/ledger/proof.ts';
import { createBar } from '../command/bar.ts';

/** How many ids lie from the first one up to this one. Deposits have no ids and are few, so they count nothing. */
function idsUpTo(part: LedgerPart, { first, last }: Ends, upto: number | null): number {
  if (part === 'deposits' || first === null || last === null || upto === null) return 0;
  return Math.min(upto, last) - first + 1;
}

/**
 * A line on a terminal that says how far a proof is, written over itself. `ends` has the parts in the order in which they are
 * proved; each counts with its number of ids.
 */
export function proofProgress(ends: Readonly<Record<LedgerPart, Ends>>, write: (text: string) => void) {
  const bar = createBar(write);
  const parts = Object.keys(ends) as LedgerPart[];
  const whole = (some: readonly LedgerPart[]) =>
    some.reduce((sum, part) => sum + idsUpTo(part, ends[part], ends[part].last), 0);
  return {
    show(part: LedgerPart, { upto }: Pick<ProvedItems, 'upto'>): void {
      const done =
        whole(parts.slice(0, parts.indexOf(part))) + idsUpTo(part, ends[part], upto === null ? null : Number(upto));
      bar.show(done / Math.max(1, whole(parts)), part);
    },
    end: bar.end,
  };
}
