import { parseArgs } from 'node:util';

/** The size of a run: the options of `npm run soak -- --hours 2 --orders-per-second 5`. */
export interface SoakOptions {
  /** How long customers order. Coming to rest takes a few minutes more. */
  readonly minutes: number;
  readonly ordersPerSecond: number;
  readonly seed: number;
  /** Prints one object of JSON in place of the table, and everything else on standard error. */
  readonly json: boolean;
}

/** Shorter runs have too few samples to show a growth. */
const LEAST_MINUTES = 2;
const MINUTES_OF_AN_HOUR = 60;

/** @throws Error that says which option is wrong. */
export function readOptions(args: readonly string[], anySeed: () => number): SoakOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      hours: text,
      minutes: text,
      'orders-per-second': text,
      seed: text,
      json: { type: 'boolean', default: false },
    },
  });
  const number = (name: 'hours' | 'minutes' | 'orders-per-second' | 'seed', otherwise: number, least: number) => {
    const value = values[name] === undefined ? otherwise : Number(values[name] || Number.NaN);
    if (Number.isFinite(value) && value >= least) return value;
    throw new Error(`--${name} must be a number, ${least} or more`);
  };
  if (values.hours !== undefined && values.minutes !== undefined) {
    throw new Error('--hours and --minutes exclude each other');
  }
  const hours = number('hours', 2, LEAST_MINUTES / MINUTES_OF_AN_HOUR);
  return {
    minutes: number('minutes', hours * MINUTES_OF_AN_HOUR, LEAST_MINUTES),
    ordersPerSecond: number('orders-per-second', 2, 0.1),
    seed: number('seed', anySeed(), 0),
    json: values.json,
  };
}
