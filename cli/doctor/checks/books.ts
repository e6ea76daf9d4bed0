import { readProof, type StoredProof } from '../../../db/ledger/proof.ts';
import { check } from '../check.ts';
import { counted, type Finding, ok, warning, wrong } from '../finding.ts';

/** A run comes every minute; everything old is proved within a day. The limits are those of ops/alerts.yml. */
const OLD_SECONDS = 900;
const OLD_PAST_SECONDS = 172_800;

const MEND = 'look for a running worker and the Schedule housekeeping-verifyLedger';

export function judgeBooks({ drift, ageSeconds, wholeAgeSeconds }: StoredProof): Finding[] {
  const findings: Finding[] = [];
  if (drift !== null && drift > 0) {
    const says = `the books are wrong: ${counted(drift, 'case')} of drift`;
    findings.push(wrong(says, 'pay nothing out before you understand it: npx holdfast verify'));
  }
  if (ageSeconds === null) findings.push(wrong('the books were never proved', MEND));
  else if (ageSeconds > OLD_SECONDS) {
    findings.push(wrong(`the last proof of the books is ${Math.round(ageSeconds / 60)} minutes old`, MEND));
  }
  if (wholeAgeSeconds !== null && wholeAgeSeconds > OLD_PAST_SECONDS) {
    const says = 'the old part of the books was not proved for two days';
    findings.push(warning(says, 'prove everything now: npx holdfast verify'));
  }
  return findings.length === 0 ? [ok(`no drift, proved ${Math.round(ageSeconds ?? 0)} s ago`)] : findings;
}

export const books = check('books', async ({ database }) => readProof(await database()), judgeBooks);
