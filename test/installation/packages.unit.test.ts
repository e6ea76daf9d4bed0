import { describe, expect, it } from 'vitest';
import { judgeAudit } from '../../dev/packages/advisories.ts';
import { isAllowed, wrongLicences } from '../../dev/packages/licences.ts';
import { productionLock, productionPackages, readLock } from '../../dev/packages/lock.ts';

const LOCK = {
  packages: {
    '': { version: '0.1.0', devDependencies: { vitest: '1.0.0' } },
    client: { version: '0.1.0', devDependencies: { typescript: '5.0.0' } },
    'node_modules/@holdfast/client': { link: true },
    'node_modules/pino': { version: '10.4.0' },
    'node_modules/pino/node_modules/@scope/nested': { version: '1.2.3' },
    'node_modules/native-arm64': { version: '2.0.0', optional: true },
    'node_modules/vitest': { version: '4.0.0', dev: true },
  },
};

describe('the packages of production', () => {
  it('are those of the lock that not only development needs, wherever they lie', () => {
    expect(productionPackages(LOCK).map(({ name, version }) => `${name}@${version}`)).toEqual([
      'pino@10.4.0',
      '@scope/nested@1.2.3',
      'native-arm64@2.0.0',
    ]);
    expect(JSON.stringify(productionLock(LOCK))).not.toMatch(/vitest|typescript/);
  });

  it('have licences that ask for nothing but their text and their authors', () => {
    expect(productionPackages(readLock()).length).toBeGreaterThan(150);
    expect(wrongLicences(readLock())).toEqual([]);
  });

  it('are named when they are not installed, unless they are for another platform', () => {
    expect(wrongLicences(LOCK, '/nowhere')).toEqual([
      'pino@10.4.0 is not installed: run npm ci',
      '@scope/nested@1.2.3 is not installed: run npm ci',
    ]);
  });
});

describe('a licence', () => {
  it.each(['MIT', 'Apache-2.0 AND MIT', '(GPL-2.0 OR MIT)', 'ISC OR AGPL-3.0'])('%s is allowed', (expression) => {
    expect(isAllowed(expression)).toBe(true);
  });

  it.each(['GPL-3.0', 'MIT AND GPL-2.0', 'no licence', 'SEE LICENSE IN LICENSE', '', 'MIT AND (GPL-2.0 OR ISC)'])(
    '%j is not',
    (expression) => {
      expect(isAllowed(expression)).toBe(false);
    },
  );
});

describe('the registry’s answer about advisories', () => {
  const report = (vulnerabilities: object) => JSON.stringify({ auditReportVersion: 2, vulnerabilities });
  const advisory = (severity: string) => ({
    name: 'left',
    severity,
    range: '<2.0.0',
    via: [{ title: 'Reads too much', url: 'https://example.com/advisory' }, 'right'],
  });

  it('without any is clean, and so is one about nothing serious', () => {
    expect(judgeAudit(report({}))).toEqual({ kind: 'clean' });
    expect(judgeAudit(report({ left: advisory('moderate') }))).toEqual({ kind: 'clean' });
  });

  it('names each package with a serious one', () => {
    expect(judgeAudit(report({ left: advisory('high'), right: advisory('low'), up: advisory('critical') }))).toEqual({
      kind: 'found',
      lines: [
        'left <2.0.0: high: Reads too much https://example.com/advisory; by right',
        'up <2.0.0: critical: Reads too much https://example.com/advisory; by right',
      ],
    });
  });

  it('that is an error, or no answer at all, is never taken for clean', () => {
    const refused = JSON.stringify({ message: '405 Method Not Allowed', statusCode: 405, error: { summary: '' } });
    expect(judgeAudit(refused)).toEqual({ kind: 'unanswered', why: '405 Method Not Allowed' });
    for (const text of ['', '{}', 'null', 'npm error network', '{"auditReportVersion":2}'])
      expect(judgeAudit(text)).toMatchObject({ kind: 'unanswered' });
  });
});
