import { describe, expect, it, test } from 'vitest';
import { Endings } from '../../bench/endings.ts';
import { jsonOf } from '../../bench/figures.ts';
import { compare, interleaved, median } from '../../bench/measure/rounds.ts';
import { readOptions } from '../../bench/options.ts';
import { reportOf } from '../../bench/run-scenarios.ts';
import { SMALL, USUAL } from '../../bench/sizes.ts';
import { tableOf } from '../../bench/table.ts';

describe('the rounds of a comparison', () => {
  it('run all sides in turn, the other way round every second time, and leave the first turn out', async () => {
    const ran: string[] = [];
    const side = (name: string) => async () => ran.push(name);
    const measured = await interleaved({ work: side('work'), bare: side('bare'), empty: side('empty') }, 2);
    expect(ran.join(' ')).toBe('work bare empty empty bare work work bare empty');
    // A side returns the number of calls so far.
    expect(measured).toEqual({ work: [6, 7], bare: [5, 8], empty: [4, 9] });
  });

  it('end with the first that fails', async () => {
    const lost = async () => Promise.reject(new Error('an order was lost'));
    await expect(interleaved({ work: lost, floor: async () => 1 }, 3)).rejects.toThrow('an order was lost');
  });

  it('have a median, of an even number halfway between the two in the middle, and of none none', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 1, 4, 2])).toBe(3);
    expect(median([7])).toBe(7);
    expect(() => median([])).toThrow('no median');
  });

  it('come to the median of the ratios within each turn, which is not the ratio of the medians', () => {
    const compared = compare([10, 90, 20], [100, 300, 40]);
    expect(compared).toEqual({ value: 20, floor: 100, ratio: 0.3, lowest: 0.1, highest: 0.5 });
  });
});

test('the table has a row for each figure, and two digits of each ratio', () => {
  const orders = { scenario: 'order', measured: 'orders', against: 'empty workflows', unit: 'per second' };
  const table = tableOf([
    { ...orders, value: 31.456, floor: 99.96, ratio: 0.3147, lowest: 0.2999, highest: 1.25 },
    {
      scenario: 'watch',
      measured: 'calls',
      against: 'a call an order',
      unit: 'calls',
      value: 10,
      floor: 1234.5,
      ratio: 0.0081,
    },
    { scenario: 'idle', measured: 'events', unit: 'events', value: 44 },
  ]);
  expect(table.split('\n')).toEqual([
    'scenario  measured  against          unit        measured  against   ratio  lowest  highest',
    'order     orders    empty workflows  per second      31.5      100    0.31    0.30      1.3',
    'watch     calls     a call an order  calls             10     1235  0.0081',
    'idle      events                     events            44',
  ]);
});

describe('the report of a run', () => {
  const server = { server: 'Temporal 1', store: 'sqlite', shards: 4, address: 'not shown' };
  const row = { measured: 'orders', unit: 'per second', value: 30 };
  const result = { name: 'order', rows: [row], figures: { ordersPerSecond: 30.12345 }, proof: 'books exact' };

  it('names the server, and has the figures of all scenarios', () => {
    const place = { ...result, name: 'place', figures: { placeP50ToBare: 2 } };
    const { table, json } = reportOf(server, [result, place]);
    expect(table).toMatch(/^Temporal 1, sqlite, 4 shards\n\nscenario /);
    expect(table).not.toContain('TIMED OUT');
    expect(JSON.parse(json)).toEqual({
      server: 'Temporal 1',
      store: 'sqlite',
      shards: 4,
      ordersPerSecond: 30.12,
      placeP50ToBare: 2,
      workflowTasksTimedOut: 0,
      activitiesThatWaited: 0,
    });
  });

  it('counts the tasks that waited too long, and shows in which scenario', () => {
    const late = { workflowTasksTimedOut: 1, activitiesThatWaited: 2 };
    const { table, json } = reportOf(server, [result, { ...result, name: 'place', late }, { ...result, late }]);
    expect(table.split('\n').filter((line) => line.includes('THAT'))).toEqual([
      expect.stringMatching(/^place .* TIMED OUT .* 1$/),
      expect.stringMatching(/^place .* WAITED OVER A SECOND .* 2$/),
      expect.stringMatching(/^order .* TIMED OUT .* 1$/),
      expect.stringMatching(/^order .* WAITED OVER A SECOND .* 2$/),
    ]);
    expect(JSON.parse(json)).toMatchObject({ workflowTasksTimedOut: 2, activitiesThatWaited: 4 });
  });

  it('is not written with a figure that is no number', () => {
    expect(() => jsonOf(server, { ordersToBare: 1, placeP50ToBare: Number.NaN }, {})).toThrow(
      'not a number: placeP50ToBare',
    );
  });
});

describe('the options', () => {
  const names = (args: readonly string[]) => readOptions(args).chosen.map(({ name }) => name);

  it('choose all scenarios, or those that are named', () => {
    expect(names([])).toEqual(
      'place order overload beside workers rolling idle in-flight watch drip webhooks ledger proof reads pages live-pages start'.split(
        ' ',
      ),
    );
    expect(names(['--only', 'watch', '--only', 'place'])).toEqual(['place', 'watch']);
    expect(() => readOptions(['--only', 'sleep'])).toThrow(/--only takes one of these: place, order, /);
  });

  it('choose the size, which takes a million past orders only when it is asked to', () => {
    expect(readOptions([]).size).toBe(USUAL);
    expect(readOptions(['--small']).size).toBe(SMALL);
    const { size } = readOptions(['--full']);
    expect([size.reads.past, size.proof.past, size.watch.seeded, size.inFlight.placed]).toEqual([
      1_000_000, 1_000_000, 100_000, 10_000,
    ]);
    expect(() => readOptions(['--small', '--full'])).toThrow('exclude');
  });
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
