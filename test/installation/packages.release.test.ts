import { expect, test } from 'vitest';
import { judgeAudit } from '../../dev/packages/advisories.ts';
import { PROJECT, productionPackages, readLock } from '../../dev/packages/lock.ts';
import { billOfMaterials, npm } from '../../dev/packages/npm.ts';

const LIMIT_MS = 300_000;

test(
  'the registry knows no serious advisory about a package of production, or says that it does not answer',
  async () => {
    const audit = judgeAudit(await npm(['audit', '--omit=dev', '--json'], PROJECT));
    if (audit.kind === 'unanswered') console.warn(`advisories are not known: ${audit.why}`);
    expect(audit).not.toMatchObject({ kind: 'found' });
  },
  LIMIT_MS,
);

test(
  'the bill of materials names every package of production and none for development alone',
  async () => {
    const bill: { bomFormat: string; components: { purl: string }[] } = JSON.parse(await billOfMaterials(readLock()));
    const named = bill.components.map(({ purl }) =>
      decodeURIComponent(purl.replace(/^pkg:npm\//, '').split('?')[0] ?? ''),
    );
    const wanted = productionPackages(readLock()).map(({ name, version }) => `${name}@${version}`);
    expect(bill.bomFormat).toBe('CycloneDX');
    expect(new Set(named.filter((one) => !one.startsWith('@holdfast/')))).toEqual(new Set(wanted));
  },
  LIMIT_MS,
);
