import { describe, expect, it } from 'vitest';
import { check, examine } from '../../cli/doctor/check.ts';
import { judgeApi } from '../../cli/doctor/checks/api.ts';
import { judgeBooks } from '../../cli/doctor/checks/books.ts';
import { judgeCertificates } from '../../cli/doctor/checks/certificates.ts';
import { judgeClock } from '../../cli/doctor/checks/clock.ts';
import { judgeDisks } from '../../cli/doctor/checks/disk.ts';
import { judgeMigrations } from '../../cli/doctor/checks/migrations.ts';
import { judgePollers } from '../../cli/doctor/checks/pollers.ts';
import { judgePostgres } from '../../cli/doctor/checks/postgresql.ts';
import { judgeKeys } from '../../cli/doctor/checks/provider-keys.ts';
import { judgeProviders } from '../../cli/doctor/checks/providers.ts';
import { judgeSchedules } from '../../cli/doctor/checks/schedules.ts';
import { judgeAttributes } from '../../cli/doctor/checks/search-attributes.ts';
import { judgeTemporal } from '../../cli/doctor/checks/temporal.ts';
import { judgeWebhooks } from '../../cli/doctor/checks/webhooks.ts';
import type { Finding } from '../../cli/doctor/finding.ts';
import { EngineDown, type Installation } from '../../cli/doctor/installation.ts';
import { exitOf, reportText } from '../../cli/doctor/report.ts';
import { compareMigrations } from '../../db/migration-state.ts';

const states = (findings: readonly Finding[]) => findings.map(({ state }) => state);
const GIB = 2 ** 30;

describe('PostgreSQL', () => {
  const up = { down: undefined, version: 180_006, most: 97, used: 40 };

  it('is well with room for one more API', () => {
    expect(judgePostgres(up)).toEqual([
      { state: 'ok', says: 'PostgreSQL 18.6' },
      { state: 'ok', says: '57 of 97 connections are left' },
    ]);
  });

  it('is old, or too old, or has few connections left, or none', () => {
    expect(states(judgePostgres({ ...up, version: 160_004 }))).toEqual(['warning', 'ok']);
    expect(states(judgePostgres({ ...up, version: 130_011 }))).toEqual(['wrong', 'ok']);
    expect(states(judgePostgres({ ...up, used: 70 }))).toEqual(['ok', 'warning']);
    expect(judgePostgres({ ...up, used: 100 })[1]).toMatchObject({
      state: 'wrong',
      says: '0 of 97 connections are left',
    });
  });

  it('cannot be reached, and what mends it depends on where it is', () => {
    const down = { down: 'connect ECONNREFUSED', isFull: false, isGiven: true, isLocalStack: false };
    expect(judgePostgres(down)).toMatchObject([{ state: 'wrong', mend: expect.stringContaining('DATABASE_URL') }]);
    expect(judgePostgres({ ...down, isLocalStack: true })).toMatchObject([{ mend: 'npm start' }]);
    expect(judgePostgres({ ...down, isFull: true })).toMatchObject([
      { mend: expect.stringContaining('max_connections') },
    ]);
    expect(judgePostgres({ ...down, isGiven: false })).toMatchObject([{ says: 'no database is known' }]);
  });
});

describe('migrations', () => {
  const own = [
    { name: '001.sql', checksum: 'a' },
    { name: '002.sql', checksum: 'b' },
  ];
  const functions = [{ name: 'ledger/settle.sql', checksum: 's' }];
  const judged = (done: typeof own, installed = functions) =>
    judgeMigrations(compareMigrations({ migrations: own, functions }, { migrations: done, functions: installed }));

  it('are at this version', () => {
    expect(judged(own)).toEqual([{ state: 'ok', says: 'the database is at this version' }]);
  });

  it('are behind', () => {
    const says = 'the database is behind: it lacks 1 migration (002.sql)';
    expect(judged(own.slice(0, 1))).toEqual([{ state: 'wrong', says, mend: 'npm run migrate' }]);
    expect(judged(own, [])).toMatchObject([{ state: 'wrong', says: expect.stringContaining('ledger/settle.sql') }]);
  });

  it('are ahead, with functions of their own', () => {
    const ahead = judged(
      [...own, { name: '003.sql', checksum: 'c' }],
      [{ name: 'ledger/settle.sql', checksum: 'new' }],
    );
    expect(ahead).toMatchObject([{ state: 'warning', says: expect.stringContaining('has run 003.sql') }]);
  });

  it('were edited', () => {
    expect(judged([{ name: '001.sql', checksum: 'x' }, ...own.slice(1)])).toMatchObject([{ state: 'wrong' }]);
  });
});

describe('a clock', () => {
  const at = Date.parse('2026-11-27T12:00:00Z');

  it('agrees within two seconds, and within what the answer took', () => {
    expect(states(judgeClock('PostgreSQL', { there: at + 1_999, here: at, within: 0 }))).toEqual(['ok']);
    expect(states(judgeClock('PostgreSQL', { there: at + 2_400, here: at, within: 500 }))).toEqual(['ok']);
  });

  it('is ahead, or behind', () => {
    expect(judgeClock('PostgreSQL', { there: at + 61_000, here: at, within: 5 })).toMatchObject([
      { state: 'wrong', says: "PostgreSQL's clock is 61.0 s ahead of this machine's" },
    ]);
    expect(judgeClock('Temporal', { there: at - 3_000, here: at, within: 5 })).toMatchObject([
      { state: 'wrong', says: "Temporal's clock is 3.0 s behind this machine's" },
    ]);
  });
});

describe('Temporal', () => {
  const about = { address: 'temporal:7233', namespace: 'shop', isLocalStack: false };

  it('is well from 1.29 on', () => {
    expect(states(judgeTemporal({ ...about, version: '1.29.0', hasNamespace: true }))).toEqual(['ok', 'ok']);
    expect(states(judgeTemporal({ ...about, version: '2.0.0', hasNamespace: true }))).toEqual(['ok', 'ok']);
    expect(states(judgeTemporal({ ...about, version: '1.28.3', hasNamespace: true }))).toEqual(['wrong', 'ok']);
    expect(states(judgeTemporal({ ...about, version: '', hasNamespace: true }))).toEqual(['wrong', 'ok']);
  });

  it('lacks the namespace', () => {
    const mend = 'temporal operator namespace create --address temporal:7233 --namespace shop --retention 72h';
    expect(judgeTemporal({ ...about, version: '1.31.1', hasNamespace: false })[1]).toMatchObject({
      state: 'wrong',
      mend,
    });
  });

  it('cannot be reached', () => {
    expect(judgeTemporal({ ...about, down: 'no answer' })).toMatchObject([
      { state: 'wrong', says: 'Temporal cannot be reached at temporal:7233: no answer' },
    ]);
  });

  it('lacks search attributes, or has them with another type', () => {
    const types = { OrderStatus: 2, Attention: 2, AccountId: 2, ServiceId: 2, ProviderId: 2 };
    const about = { address: 'a:1', namespace: 'n' };
    expect(states(judgeAttributes({ ...about, types }))).toEqual(['ok']);
    const { Attention: _, ...others } = types;
    expect(judgeAttributes({ ...about, types: { ...others, AccountId: 3 } })).toMatchObject([
      {
        state: 'wrong',
        mend: 'temporal operator search-attribute create --address a:1 --namespace n --name Attention --type Keyword',
      },
      { state: 'wrong', says: 'search attributes are not of type Keyword: AccountId' },
    ]);
  });

  it('has no worker, or none on one queue; a poller that was last heard of long ago has gone', () => {
    const queue = (queue: string, ...agesMs: readonly number[]) => ({ queue, kind: 'activity' as const, agesMs });
    expect(states(judgePollers([queue('a', 70_000), queue('b', 200_000, 10)]))).toEqual(['ok']);
    expect(judgePollers([queue('a', 120_000), queue('b')])).toMatchObject([
      { state: 'wrong', says: 'no worker runs: no task queue has a poller', mend: 'npm run start:worker' },
    ]);
    expect(judgePollers([queue('a', 10), queue('b', 120_000)])).toMatchObject([
      { state: 'wrong', says: 'the task queue b has no poller for activity tasks' },
    ]);
  });

  it('lacks Schedules, or has paused ones', () => {
    const reading = (state: 'runs' | 'paused' | 'missing', note = '') => ({
      address: 'a:1',
      namespace: 'n',
      schedules: [{ id: 'housekeeping-reconcile', state, note }],
    });
    expect(states(judgeSchedules(reading('runs')))).toEqual(['ok']);
    expect(judgeSchedules(reading('paused', 'by Ann'))).toMatchObject([
      {
        state: 'wrong',
        says: 'the Schedule housekeeping-reconcile is paused: by Ann',
        mend: expect.stringContaining('--unpause'),
      },
    ]);
    expect(judgeSchedules(reading('missing'))).toMatchObject([
      { state: 'wrong', mend: expect.stringContaining('start:worker') },
    ]);
  });
});

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

it('the API is ready, misses something, is something else, or is not there', () => {
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
