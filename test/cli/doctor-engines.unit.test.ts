import { describe, expect, it } from 'vitest';
import { judgeClock } from '../../cli/doctor/checks/clock.ts';
import { judgeMigrations } from '../../cli/doctor/checks/migrations.ts';
import { judgePollers } from '../../cli/doctor/checks/pollers.ts';
import { judgePostgres } from '../../cli/doctor/checks/postgresql.ts';
import { judgeSchedules } from '../../cli/doctor/checks/schedules.ts';
import { judgeAttributes } from '../../cli/doctor/checks/search-attributes.ts';
import { judgeTemporal } from '../../cli/doctor/checks/temporal.ts';
import type { Finding } from '../../cli/doctor/finding.ts';
import { compareMigrations } from '../../db/migration-state.ts';

const states = (findings: readonly Finding[]) => findings.map(({ state }) => state);

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
    const queue = (queue: string, ...ages: readonly number[]) => ({
      queue,
      kind: 'activity' as const,
      currentBuild: undefined,
      pollers: ages.map((ageMs) => ({ ageMs, build: undefined })),
    });
    expect(states(judgePollers([queue('a', 70_000), queue('b', 200_000, 10)]))).toEqual(['ok']);
    expect(judgePollers([queue('a', 120_000), queue('b')])).toMatchObject([
      { state: 'wrong', says: 'no worker runs: no task queue has a poller', mend: 'npm run start:worker' },
    ]);
    expect(judgePollers([queue('a', 10), queue('b', 120_000)])).toMatchObject([
      { state: 'wrong', says: 'the task queue b has no poller for activity tasks' },
    ]);
  });

  it('has workers, but none of the current build', () => {
    const queue = (currentBuild: string, ...pollers: readonly (readonly [string, number])[]) => ({
      queue: 'a',
      kind: 'workflow' as const,
      currentBuild,
      pollers: pollers.map(([build, ageMs]) => ({ build, ageMs })),
    });
    expect(states(judgePollers([queue('b1', ['b2', 10], ['b1', 10])]))).toEqual(['ok']);
    expect(judgePollers([queue('b1', ['b2', 10], ['b1', 120_000])])).toMatchObject([
      {
        state: 'wrong',
        says: 'no worker of the current build b1 takes workflow tasks from the task queue a',
        mend: expect.stringContaining('npm run promote -- b2'),
      },
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
