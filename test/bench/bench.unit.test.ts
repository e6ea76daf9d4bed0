import { describe, expect, it } from 'vitest';
import { Endings } from '../../bench/endings.ts';
import { interleaved, median, summaryOf } from '../../bench/rounds.ts';
import { tableOf } from '../../bench/table.ts';

describe('the rounds of a benchmark', () => {
  it('run both sides in turn, either one first every second time, and leave the first pair out', async () => {
    const ran: string[] = [];
    const side = (name: string) => async () => ran.push(name);
    const rounds = await interleaved({ work: side('work'), floor: side('floor'), prove: async () => '' }, 3);
    expect(ran).toEqual(['work', 'floor', 'floor', 'work', 'work', 'floor', 'floor', 'work']);
    // A side returns the number of calls so far.
    expect(rounds).toEqual([
      { work: 4, floor: 3 },
      { work: 5, floor: 6 },
      { work: 8, floor: 7 },
    ]);
  });

  it('end with the first that fails', async () => {
    const lost = async () => Promise.reject(new Error('an order was lost'));
    const sides = { work: lost, floor: async () => 1, prove: async () => '' };
    await expect(interleaved(sides, 3)).rejects.toThrow('an order was lost');
  });

  it('have a median, of an even number halfway between the two in the middle, and of none none', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 1, 4, 2])).toBe(3);
    expect(median([7])).toBe(7);
    expect(() => median([])).toThrow('no median');
  });

  it('come to the median of the ratios within each pair, which is not the ratio of the medians', () => {
    const rounds = [
      { work: 10, floor: 100 },
      { work: 90, floor: 300 },
      { work: 20, floor: 40 },
    ];
    expect(summaryOf(rounds)).toEqual({ work: 20, floor: 100, ratio: 0.3, lowest: 0.1, highest: 0.5 });
  });
});

it('the table has a row for each benchmark, with two digits of each ratio', () => {
  const life = { name: 'life', work: 'orders', floor: 'empty workflows', unit: 'per second' };
  const watch = { name: 'watch', work: 'calls', floor: 'a call an order', unit: 'calls' };
  const table = tableOf([
    { benchmark: life, work: 31.456, floor: 99.96, ratio: 0.3147, lowest: 0.2999, highest: 1.25 },
    { benchmark: watch, work: 10, floor: 1234.5, ratio: 0.0081, lowest: 0.0081, highest: 0.0081 },
  ]);
  expect(table.split('\n')).toEqual([
    'benchmark  measured  against          unit        measured  against   ratio  lowest  highest',
    'life       orders    empty workflows  per second      31.5      100    0.31    0.30      1.3',
    'watch      calls     a call an order  calls             10     1235  0.0081  0.0081   0.0081',
  ]);
});

describe('what a run has opened', () => {
  const ended: string[] = [];
  const end = async (name: string) => void ended.push(name);

  it('is ended once, the last first, also what does not open before the end or ends badly', async () => {
    ended.length = 0;
    const endings = new Endings();
    let open: (worker: string) => void = () => undefined;
    const opening = new Promise<string>((resolve) => {
      open = resolve;
    });
    await endings.opened('a server', async () => 'server', end);
    await endings.opened(
      'a pool',
      async () => 'pool',
      () => Promise.reject(new Error('it hangs')),
    );
    await expect(endings.opened('an API', () => Promise.reject(new Error('no port')), end)).rejects.toThrow('no port');
    const late = endings.opened('a worker', () => opening, end);
    const closing = endings.close();
    open('worker');
    await expect(closing).rejects.toThrow('failed to end a pool: it hangs');
    await expect(endings.close()).rejects.toThrow('a pool');
    expect(await late).toBe('worker');
    expect(ended).toEqual(['worker', 'server']);
  });

  it('is all: after the end nothing is opened any more', async () => {
    const endings = new Endings();
    await endings.close();
    await expect(endings.opened('a server', async () => 'server', end)).rejects.toThrow('not opened');
  });
});
