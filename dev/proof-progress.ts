import type { LedgerPart, ProvedItems } from '../db/ledger/ledger.ts';
import type { Ends } from '../db/ledger/proof.ts';

const BAR = 30;

/** The share of a part, 0 to 1, that is proved up to an item. Deposits have no numbers: they count once they are done. */
function shareOf({ first, last }: Ends, upto: string | null): number {
  const at = Number(upto);
  if (upto === null || Number.isNaN(at) || first === null || last === null) return 0;
  return (at - first + 1) / (last - first + 1);
}

/**
 * A line on a terminal that says how far a proof is, written over itself: each part counts with its number of ids. What is written
 * while the proof runs does not move the end.
 */
export function proofProgress(ends: Readonly<Record<LedgerPart, Ends>>, write: (text: string) => void) {
  const size = (part: LedgerPart): number => {
    const { first, last } = ends[part];
    return first === null || last === null ? 0 : last - first + 1;
  };
  const parts = Object.keys(ends) as LedgerPart[];
  const total = Math.max(
    1,
    parts.reduce((sum, part) => sum + size(part), 0),
  );
  return {
    show(part: LedgerPart, { upto }: Pick<ProvedItems, 'upto'>): void {
      const before = parts.slice(0, parts.indexOf(part)).reduce((sum, one) => sum + size(one), 0);
      const share = Math.min(1, (before + size(part) * shareOf(ends[part], upto)) / total);
      const bar = '#'.repeat(Math.floor(share * BAR)).padEnd(BAR, '.');
      write(`\r[${bar}] ${String(Math.floor(share * 100)).padStart(3)} %  ${part}\u001b[K`);
    },
    end(): void {
      write('\r\u001b[K');
    },
  };
}
