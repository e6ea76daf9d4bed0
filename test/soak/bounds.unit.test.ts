import { describe, expect, it } from 'vitest';
import { boundsOf, growthOf, livesOf, longestAbove } from './bounds.ts';
import { isHeld, jsonOf, tableOf } from './report.ts';
import type { ProcessSample, Sample } from './sample.ts';

const MB = 2 ** 20;
const allowance = { share: 0.25, more: 32 };

const life = (started: string, megabytes: number, descriptors = 60): ProcessSample => ({
  started,
  residentBytes: megabytes * MB,
  descriptors,
});

/** A sample in which everything is well, with some parts replaced. */
const sample = (different: Partial<Sample> = {}): Sample => ({
  at: 0,
  processes: { 'worker 1': life('a', 300) },
  connections: { api: 40, worker: 20 },
  rows: { outbox: 1, 'open claims': 0 },
  watchLagSeconds: 1,
  webhookBacklog: 2,
  webhookOldestSeconds: 0,
  uncertain: 0,
  openAlerts: 0,
  alertKinds: [],
  ...different,
});
const atRest = sample({ webhookBacklog: 0 });
const minutes = (count: number, different: (minute: number) => Partial<Sample> = () => ({})): Sample[] =>
  Array.from({ length: count }, (_, minute) => sample({ at: 60 * minute, ...different(minute) }));
const broken = (samples: readonly Sample[], last = atRest): string[] =>
  boundsOf(samples, last)
    .filter((bound) => !isHeld(bound))
    .map(({ what }) => what);

describe('growth', () => {
  it('finds a leak', () => {
    const leak = Array.from({ length: 40 }, (_, minute) => 300 + 5 * minute);
    expect(growthOf(leak, allowance)).toEqual({ from: 350, to: 450, grew: false });
    expect(growthOf(leak, { share: 0.1, more: 32 })?.grew).toBe(true);
    expect(
      growthOf(
        leak.map((value) => 4 * value - 900),
        allowance,
      )?.grew,
    ).toBe(true);
  });

  it('is not a sawtooth, wherever its teeth are', () => {
    for (let shift = 0; shift < 9; shift += 1) {
      const sawtooth = Array.from({ length: 40 }, (_, minute) => 300 + 60 * ((minute + shift) % 9));
      expect(growthOf(sawtooth, allowance)?.grew).toBe(false);
    }
  });

  it('finds a sawtooth whose lowest points rise', () => {
    const rising = Array.from({ length: 40 }, (_, minute) => 300 + 60 * (minute % 5) + 10 * minute);
    expect(growthOf(rising, allowance)?.grew).toBe(true);
  });

  it('is not the warm-up, and not one peak', () => {
    const warm = Array.from({ length: 40 }, (_, minute) => Math.min(100 + 50 * minute, 500));
    expect(growthOf(warm, allowance)?.grew).toBe(false);
    const peak = Array.from({ length: 40 }, (_, minute) => (minute === 35 ? 5_000 : 300));
    expect(growthOf(peak, allowance)?.grew).toBe(false);
  });

  it('is unknown after a few samples', () => {
    expect(growthOf([1, 2, 4, 8, 16], allowance)).toBeUndefined();
  });
});

describe('the bounds of a soak', () => {
  it('hold while nothing changes', () => {
    expect(broken(minutes(40))).toEqual([]);
  });

  it('count a restarted process from its start', () => {
    const samples = minutes(40, (minute) => ({
      processes: { 'worker 1': minute < 20 ? life('a', 200) : life('b', 400) },
    }));
    expect(livesOf(samples, 'worker 1').map(({ length }) => length)).toEqual([20, 20]);
    expect(broken(samples)).toEqual([]);
  });

  it('break when one life of a process leaks memory or descriptors', () => {
    const samples = minutes(40, (minute) => ({
      processes: {
        'worker 1': minute < 20 ? life('a', 200) : life('b', 200 + 20 * (minute - 20), 60 + 9 * (minute - 20)),
      },
    }));
    expect(broken(samples)).toEqual(['memory of worker 1', 'descriptors of worker 1']);
  });

  it('say when every life was too short to judge', () => {
    const [memory] = boundsOf(minutes(8), atRest);
    expect(memory).toMatchObject({ seen: '300 MB; every life was too short', broken: [] });
    expect(memory).not.toHaveProperty('allowed');
  });

  it.each<[string, Partial<Sample>]>([
    ['open claims', { rows: { outbox: 1, 'open claims': 1 } }],
    ['webhook events that wait', { webhookBacklog: 1 }],
    ['uncertain orders', { uncertain: 1 }],
    ['open alerts', { openAlerts: 1, alertKinds: ['order_lost'] }],
    ['watch lag, seconds', { watchLagSeconds: 61 }],
  ])('break when at rest there are %s', (what, different) => {
    expect(broken(minutes(40), { ...atRest, ...different })).toEqual([what]);
  });

  it('allow a lag that is gone after some minutes, and no longer one', () => {
    const series = [1, 70, 80, 2, 90, 3].map((value, minute) => ({ at: 60 * minute, value }));
    expect(longestAbove(series, 60)).toBe(120);
    const lagging = (from: number, to: number) =>
      minutes(40, (minute) => ({ at: 60 * minute, watchLagSeconds: minute >= from && minute < to ? 90 : 1 }));
    expect(broken(lagging(10, 14))).toEqual([]);
    expect(broken(lagging(10, 15))).toEqual(['watch lag, seconds']);
  });

  it('break when a table grows that holds only what goes on, or connections are too many', () => {
    const rows = (outbox: number) => ({ rows: { outbox, 'open claims': 0 } });
    const growing = minutes(40, (minute) => rows(1 + minute));
    expect(broken(growing, { ...atRest, ...rows(41) })).toEqual(['rows of outbox']);
    expect(broken(minutes(40, () => ({ connections: { api: 73, worker: 40 } })))).toEqual([
      'connections of both api processes',
    ]);
  });
});

describe('the report of a soak', () => {
  const bounds = boundsOf(minutes(40), sample({ webhookBacklog: 0, uncertain: 3 }));

  it('is a table with what was seen, what is allowed and what breaks it', () => {
    const lines = tableOf(bounds).split('\n');
    expect(lines[0]).toMatch(/^bound +seen +allowed +verdict$/);
    const at = lines.findIndex((line) => line.startsWith('uncertain orders'));
    expect(lines[at]).toMatch(/^uncertain orders +0 at most, 3 at the end +0 at the end +BROKEN$/);
    expect(lines[at + 1]).toBe('    3');
    expect(lines.filter((line) => line.endsWith('BROKEN'))).toHaveLength(1);
  });

  it('is one object of JSON', () => {
    const read = JSON.parse(jsonOf({ seed: 7, minutes: 4, ordersPerSecond: 2, json: true }, bounds));
    expect(read).toMatchObject({ seed: 7, minutes: 4, ordersPerSecond: 2, passed: false });
    expect(read.bounds).toHaveLength(bounds.length);
    expect(read.bounds).toContainEqual(expect.objectContaining({ what: 'uncertain orders', holds: false }));
  });
});
