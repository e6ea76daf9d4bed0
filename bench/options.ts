import { parseArgs } from 'node:util';
import { CLUSTER } from './cluster/installation.ts';
import { DEVELOPMENT, type Installation } from './engines.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { FULL, type Size, SMALL, USUAL } from './sizes.ts';

export interface Options {
  readonly chosen: readonly Scenario[];
  readonly size: Size;
  /** Prints one object of JSON in place of the table, and everything else on standard error. */
  readonly json: boolean;
  readonly installation: Installation;
}

/** @throws Error that says which options there are. */
export function readOptions(args: readonly string[]): Options {
  const names = SCENARIOS.map(({ name }) => name);
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: names },
      small: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      cluster: { type: 'boolean', default: false },
    },
  });
  if (values.only.some((name) => !names.includes(name)))
    throw new Error(`--only takes one of these: ${names.join(', ')}`);
  if (values.small && values.full) throw new Error('--small and --full exclude each other');
  return {
    chosen: SCENARIOS.filter(({ name }) => values.only.includes(name)),
    size: values.small ? SMALL : values.full ? FULL : USUAL,
    json: values.json,
    installation: values.cluster ? CLUSTER : DEVELOPMENT,
  };
}

/** Prints what is wrong with the options, and ends this process. */
export function orExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}
