import { Refusal } from '../../domain/errors.ts';
import type { Parser } from './parsers.ts';
import type { Shape } from './shapes.ts';

/** Milliseconds of CPU used by this process. The load of other processes is not in it. */
async function cpuOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** CPU milliseconds to read a shape at `bytes` bytes: the median of `runs`, so that one garbage collection does not count. */
export async function costOf({ read }: Parser, { of }: Shape, bytes: number, runs: number): Promise<number> {
  const text = of(bytes);
  const costs: number[] = [];
  for (let run = 0; run < runs; run += 1) costs.push(await cpuOf(() => read(text)));
  costs.sort((one, other) => one - other);
  return costs[Math.floor(runs / 2)] ?? 0;
}
