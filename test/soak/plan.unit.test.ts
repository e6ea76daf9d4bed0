import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';
import { planOf } from './plan.ts';

const read = (...args: string[]) => readOptions(args, () => 7);

describe('the options of a soak', () => {
  it('are two hours, two orders a second and any seed, unless they say otherwise', () => {
    expect(read()).toEqual({ minutes: 120, ordersPerSecond: 2, seed: 7, json: false });
    expect(read('--hours', '0.5', '--orders-per-second', '5', '--seed', '3', '--json')).toEqual({
      minutes: 30,
      ordersPerSecond: 5,
      seed: 3,
      json: true,
    });
    expect(read('--minutes', '4').minutes).toBe(4);
  });

  it.each([
    [['--hours', 'two'], '--hours must be a number'],
    [['--minutes', '1'], '--minutes must be a number, 2 or more'],
    [['--orders-per-second', ''], '--orders-per-second must be a number'],
    [['--minutes', '4', '--hours', '1'], '--hours and --minutes exclude each other'],
    [['--forever'], 'forever'],
  ])('are refused with a reason: %j', (args, reason) => {
    expect(() => read(...args)).toThrow(reason);
  });
});

describe('the plan of a soak', () => {
  it.each([4, 20, 120, 600])('of %d minutes orders steadily and breaks everything in turn', (minutes) => {
    const { strikes, wishes, sampleEvery } = planOf({ minutes, ordersPerSecond: 0.5, seed: 1 });
    const end = minutes * 60_000;
    expect(wishes).toHaveLength(minutes * 30);
    expect(wishes.filter(({ at }) => at < end / 2)).toHaveLength(wishes.length / 2);
    expect(end / sampleEvery).toBeGreaterThanOrEqual(40);
    expect(new Set(strikes.map((one) => JSON.stringify({ ...one, at: 0 }))).size).toBe(8);
    expect(Math.max(...strikes.map(({ at }) => at))).toBeLessThan(end - 2 * sampleEvery);
    expect(strikes.map(({ at }) => at)).toEqual(strikes.map(({ at }) => at).sort((one, other) => one - other));
  });
});
