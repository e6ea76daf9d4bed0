import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Reads } from '../../api/limits/reads.ts';
import type { Sql } from '../../db/client.ts';
import { LIMITS } from '../../domain/limits.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Placeholders for connections. No read uses them. */
const lanes = (count: number) => Array.from({ length: count }, () => (() => undefined) as unknown as Sql);
const reader = (key: number, signal = new AbortController().signal) => ({ key, signal });
const MS = 2_000;

/** Reads of a key that run until the test ends them. */
function openReads(reads: Reads, key: number, count: number) {
  let begun = 0;
  const ends: (() => void)[] = [];
  const answers = Array.from({ length: count }, () =>
    reads.run(reader(key), MS, () => {
      begun += 1;
      return new Promise<string>((resolve) => ends.push(() => resolve('read')));
    }),
  );
  return { answers, begun: () => begun, end: () => ends.shift()?.() };
}

test('one key reads so often at the same time and no more, while another has its turn at once', async () => {
  const reads = new Reads(lanes(LIMITS.readsOfKey + 1));
  const one = openReads(reads, 1, LIMITS.readsOfKey + 2);
  expect(await reads.run(reader(2), MS, async () => 'another')).toBe('another');
  expect(one.begun()).toBe(LIMITS.readsOfKey);
  one.end();
  await vi.waitUntil(() => one.begun() === LIMITS.readsOfKey + 1);
  for (let more = 0; more < LIMITS.readsOfKey; more += 1) one.end();
  await vi.waitUntil(() => one.begun() === LIMITS.readsOfKey + 2);
  one.end();
  expect(new Set(await Promise.all(one.answers))).toEqual(new Set(['read']));
});

test('a read that had no turn because of the others of its key is refused as too many, and never done', async () => {
  const reads = new Reads(lanes(LIMITS.readsOfKey + 1));
  const one = openReads(reads, 1, LIMITS.readsOfKey);
  await vi.waitUntil(() => one.begun() === LIMITS.readsOfKey);
  const query = vi.fn(async () => 'late');
  const late = expect(reads.run(reader(1), MS / 2, query)).rejects.toMatchObject({ code: 'too_many_reads' });
  await vi.advanceTimersByTimeAsync(MS / 2);
  await late;
  one.end();
  await Promise.race(one.answers);
  expect(query).not.toHaveBeenCalled();
});

test('a read that had no turn because of other keys is an outage, not a fault of its caller', async () => {
  const reads = new Reads(lanes(1));
  const one = openReads(reads, 1, 1);
  await vi.waitUntil(() => one.begun() === 1);
  const late = expect(reads.run(reader(2), MS / 2, async () => 'late')).rejects.toThrow('no answer from the database');
  await vi.advanceTimersByTimeAsync(MS / 2);
  await late;
});

test('no more wait for one key than may', async () => {
  const reads = new Reads(lanes(1));
  const one = openReads(reads, 1, 1 + LIMITS.readsWaiting);
  await vi.waitUntil(() => one.begun() === 1);
  await expect(reads.run(reader(1), MS, async () => 'more')).rejects.toMatchObject({ code: 'too_many_reads' });
  const given = Promise.allSettled(one.answers);
  await vi.advanceTimersByTimeAsync(MS);
  expect((await given).every(({ status }) => status === 'rejected')).toBe(true);
});

test('a connection is nobody else’s until the read that was given up has ended on it', async () => {
  const reads = new Reads(lanes(1));
  const one = openReads(reads, 1, 1);
  const answer = expect(one.answers[0]).rejects.toThrow('no answer from the database');
  await vi.advanceTimersByTimeAsync(MS);
  await answer;
  const query = vi.fn(async () => 'next');
  const next = reads.run(reader(2), MS, query);
  await vi.advanceTimersByTimeAsync(MS / 2);
  expect(query).not.toHaveBeenCalled();
  one.end();
  expect(await next).toBe('next');
});

test('whose request is over before its turn asks nothing', async () => {
  const reads = new Reads(lanes(1));
  const gone = AbortSignal.abort();
  const query = vi.fn(async () => 'read');
  await expect(reads.run(reader(1, gone), MS, query)).rejects.toThrow('the request ended');
  expect(query).not.toHaveBeenCalled();
  expect(await reads.run(reader(1), MS, query)).toBe('read');
});

test('a read that throws before it asks anything, as of a bad cursor, keeps no connection', async () => {
  const reads = new Reads(lanes(1));
  const broken = () => {
    throw new Error('a bad cursor');
  };
  for (let time = 0; time <= LIMITS.readsOfKey; time += 1) {
    await expect(reads.run(reader(1), MS, broken)).rejects.toThrow('a bad cursor');
  }
  expect(await reads.run(reader(1), MS, async () => 'read')).toBe('read');
});
