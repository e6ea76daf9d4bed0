/**
 * `npm run check:packages`: asks the registry for advisories about the packages of production, and reads their licences. Ends with 1
 * when one is wrong, and with 2 when the registry did not answer and so nothing is known.
 */
import { judgeAudit } from './advisories.ts';
import { wrongLicences } from './licences.ts';
import { PROJECT, readLock } from './lock.ts';
import { npm } from './npm.ts';

const licences = wrongLicences(readLock());
for (const line of licences) console.error(`licence: ${line}`);
const audit = judgeAudit(await npm(['audit', '--omit=dev', '--json'], PROJECT));
if (audit.kind === 'found') for (const line of audit.lines) console.error(`advisory: ${line}`);
if (audit.kind === 'unanswered') console.error(`the registry did not answer about advisories: ${audit.why}`);
if (licences.length === 0) console.log('licences: all allowed');
if (audit.kind === 'clean') console.log('advisories: none of high severity');
process.exitCode = licences.length > 0 || audit.kind === 'found' ? 1 : audit.kind === 'unanswered' ? 2 : 0;
