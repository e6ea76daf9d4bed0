import { describe, expect, it } from 'vitest';
import { check, examine } from '../../cli/doctor/check.ts';
import { judgeApi } from '../../cli/doctor/checks/api.ts';
import { judgeBooks } from '../../cli/doctor/checks/books.ts';
import { judgeCertificates } from '../../cli/doctor/checks/certificates.ts';
import { judgeDisks } from '../../cli/doctor/checks/disk.ts';
import { judgeKeys } from '../../cli/doctor/checks/provider-keys.ts';
import { judgeProviders } from '../../cli/doctor/checks/providers.ts';
import { judgeWebhooks } from '../../cli/doctor/checks/webhooks.ts';
import type { Finding } from '../../cli/doctor/finding.ts';
import { EngineDown, type Installation } from '../../cli/doctor/installation.ts';
import { exitOf, reportText } from '../../cli/doctor/report.ts';

const states = (findings: readonly Finding[]) => findings.map(({ state }) => state);
const GIB = 2 ** 30;

describe('providers', () => {
  const closed = [{ provider: 3, name: 'A', what: 'key' }];

  it('have keys that the master key opens, or some, or none', () => {
    expect(states(judgeKeys({ masterKey: 'given', keys: 2, closed: [] }))).toEqual(['ok']);
    expect(judgeKeys({ masterKey: 'given', keys: 2, closed })).toMatchObject([
      { state: 'wrong', says: 'the key of provider 3 (A) cannot be opened with this master key' },
    ]);
    expect(judgeKeys({ masterKey: 'given', keys: 1, closed })).toMatchObject([
      { state: 'wrong', mend: expect.stringContaining('HOLDFAST_MASTER_KEY') },
    ]);
  });

  it('cannot be judged without a whole master key', () => {
    expect(states(judgeKeys({ masterKey: 'absent', keys: 0, closed: [] }))).toEqual(['skipped']);
    expect(states(judgeKeys({ masterKey: 'malformed', keys: 0, closed: [] }))).toEqual(['wrong']);
  });

  it('are paused by trouble or by staff, or silent', () => {
    const well = { id: 1, name: 'A', pausedUntil: null, pauseReason: null, pauseNote: null, silent: null };
    const pausedUntil = new Date('2026-11-27T13:00:00Z');
    expect(states(judgeProviders([]))).toEqual(['skipped']);
    expect(states(judgeProviders([well]))).toEqual(['ok']);
    expect(
      judgeProviders([
        { ...well, pausedUntil, pauseReason: 'funds' },
        { ...well, silent: 'nothing for 10 minutes' },
      ]),
    ).toMatchObject([
      {
        state: 'wrong',
        says: 'provider 1 (A) is paused until 2026-11-27T13:00:00.000Z (funds)',
        mend: expect.stringContaining('add money'),
      },
      { state: 'wrong', says: 'provider 1 (A) is silent: nothing for 10 minutes' },
    ]);
    expect(judgeProviders([{ ...well, pausedUntil, pauseReason: 'staff', pauseNote: 'moving' }])).toMatchObject([
      { state: 'warning', says: expect.stringContaining(': moving') },
    ]);
  });
});

it('webhooks are late when no worker makes their first attempts', () => {
  const well = { pending: 1, retrying: 2, oldestSeconds: 10, unserved: 0 };
  expect(judgeWebhooks(well)).toEqual([{ state: 'ok', says: 'deliveries: 1 waiting, 2 retrying' }]);
  expect(states(judgeWebhooks({ ...well, oldestSeconds: 301 }))).toEqual(['wrong']);
  expect(states(judgeWebhooks({ ...well, unserved: 1 }))).toEqual(['wrong']);
});

it('the books are wrong, not proved, or proved too long ago', () => {
  const well = {
    at: new Date(),
    tookMs: 1,
    drift: 0,
    completeAt: new Date(),
    ageSeconds: 30,
    wholeSince: null,
    wholeAgeSeconds: 9,
  };
  expect(judgeBooks(well)).toEqual([{ state: 'ok', says: 'no drift, proved 30 s ago' }]);
  expect(judgeBooks({ ...well, drift: 2, ageSeconds: 1_200 })).toMatchObject([
    { state: 'wrong', says: 'the books are wrong: 2 cases of drift' },
    { state: 'wrong', says: 'the last proof of the books is 20 minutes old' },
  ]);
  expect(judgeBooks({ ...well, drift: null, ageSeconds: null })).toMatchObject([
    { says: 'the books were never proved' },
  ]);
  expect(states(judgeBooks({ ...well, wholeAgeSeconds: 180_000 }))).toEqual(['warning']);
});

it('a disk is nearly full by its share or by its bytes', () => {
  const disk = (free: number, total: number) => [{ whose: 'the state folder', path: '/data', free, total }];
  expect(states(judgeDisks([]))).toEqual(['skipped']);
  expect(states(judgeDisks(disk(50 * GIB, 100 * GIB)))).toEqual(['ok']);
  expect(states(judgeDisks(disk(10 * GIB, 100 * GIB)))).toEqual(['warning']);
  expect(judgeDisks(disk(4 * GIB, 100 * GIB))).toMatchObject([
    { state: 'wrong', says: 'the disk is nearly full: 4.0 GiB of 100.0 GiB are free for the state folder (/data)' },
  ]);
  expect(states(judgeDisks(disk(0.5 * GIB, 2 * GIB)))).toEqual(['wrong']);
  expect(states(judgeDisks(disk(0, 0)))).toEqual(['wrong']);
});

it('a certificate has ended, ends soon, or is not trusted', () => {
  const now = Date.parse('2026-11-27T12:00:00Z');
  const ending = (days: number, distrust?: string) => ({
    now,
    addresses: [{ address: 'panel.test', certificate: { validTo: now + days * 86_400_000, distrust } }],
  });
  expect(states(judgeCertificates({ now, addresses: [] }))).toEqual(['skipped']);
  expect(states(judgeCertificates(ending(14)))).toEqual(['ok']);
  expect(judgeCertificates(ending(13.5))).toMatchObject([
    { state: 'wrong', says: 'the certificate of panel.test ends in 13 days' },
  ]);
  expect(judgeCertificates(ending(-1, 'expired'))).toMatchObject([
    { says: 'the certificate of panel.test has expired' },
  ]);
  expect(judgeCertificates(ending(90, 'SELF_SIGNED'))).toMatchObject([
    { state: 'wrong', says: expect.stringContaining('SELF_SIGNED') },
  ]);
  expect(states(judgeCertificates({ now, addresses: [{ address: 'a', certificate: 'ECONNREFUSED' }] }))).toEqual([
    'unknown',
  ]);
});

it('the API is ready, misses something, stops, is something else, or is not there', () => {
  const url = 'http://api.test';
  expect(states(judgeApi({ url: undefined }))).toEqual(['skipped']);
  expect(states(judgeApi({ url, status: 200, missing: [] }))).toEqual(['ok']);
  expect(judgeApi({ url, status: 503, missing: ['migrations', 'temporal'] })).toMatchObject([
    {
      state: 'wrong',
      says: 'the API at http://api.test is not ready: it misses migrations, temporal',
      mend: 'npm run migrate',
    },
  ]);
  expect(judgeApi({ url, status: 503, missing: [] })).toMatchObject([
    { state: 'unknown', says: expect.stringContaining('is stopping') },
  ]);
  expect(states(judgeApi({ url, status: 404, missing: [] }))).toEqual(['unknown']);
  expect(states(judgeApi({ url, down: 'ECONNREFUSED' }))).toEqual(['wrong']);
});

describe('the checks', () => {
  const installation = {} as Installation;
  const well = check(
    'well',
    async () => 1,
    () => [{ state: 'ok', says: 'fine' }],
  );

  it('run together: one that fails, or does not end, stops no other', async () => {
    const hangs = check(
      'hangs',
      () => new Promise<number>(() => {}),
      () => [],
    );
    const fails = check(
      'fails',
      async () => Promise.reject(new Error('odd')),
      () => [],
    );
    const needs = check(
      'needs',
      async () => Promise.reject(new EngineDown('Temporal', 'gone')),
      () => [],
    );
    const denied = check(
      'denied',
      async () => Promise.reject(Object.assign(new Error('no'), { code: 7 })),
      () => [],
    );
    const lacks = check(
      'lacks',
      async () => Promise.reject(Object.assign(new Error('x'), { code: '42P01' })),
      () => [],
    );
    expect(await examine([hangs, fails, needs, lacks, denied, well], installation, 10)).toEqual([
      { check: 'hangs', state: 'unknown', says: 'no answer within 0.01 s' },
      { check: 'fails', state: 'unknown', says: 'odd' },
      { check: 'needs', state: 'unknown', says: 'not known while Temporal does not answer' },
      { check: 'lacks', state: 'unknown', says: 'not known while the database is not at this version' },
      { check: 'denied', state: 'skipped', says: 'this user may not see it: no' },
      { check: 'well', state: 'ok', says: 'fine' },
    ]);
  });

  it('make the exit code: wrong and not known are 1, a warning is 0', () => {
    const finding = (state: Finding['state']) => ({ check: 'disk', state, says: 'so', mend: 'do this' });
    expect(exitOf([finding('ok'), finding('warning'), finding('skipped')])).toBe(0);
    expect(exitOf([finding('ok'), finding('wrong')])).toBe(1);
    expect(exitOf([finding('unknown')])).toBe(1);
    expect(reportText([finding('wrong')])).toBe('WRONG  disk  so\n             → do this\n\n1 wrong, 0 not known\n');
  });
});
