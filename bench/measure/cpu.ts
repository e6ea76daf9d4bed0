import { readdirSync, readFileSync } from 'node:fs';

/** Processes to measure, by the name of their program. The processes that they start count as theirs. */
export type ProcessGroups = Readonly<Record<string, readonly number[]>>;

/** Seconds of CPU, by the name of the program. */
export type CpuSeconds = Readonly<Record<string, number>>;

/** The kernel counts CPU in ticks of USER_HZ, which is 100 on every platform that Node.js runs on. */
const TICKS_PER_SECOND = 100;

/** A living process, as /proc shows it. */
export interface ProcessTime {
  readonly pid: number;
  readonly parent: number;
  /** Ticks of the process, and of its ended children that it has waited for. */
  readonly ticks: number;
}

/** Reads /proc/<pid>/stat. The name in parentheses may contain spaces and parentheses: fields are counted from the last one. */
export function readStat(text: string): ProcessTime {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [parent, user, system, usersOfEnded, systemsOfEnded] = [1, 11, 12, 13, 14].map((at) => Number(fields[at]));
  const ticks = (user ?? 0) + (system ?? 0) + (usersOfEnded ?? 0) + (systemsOfEnded ?? 0);
  return { pid: Number.parseInt(text, 10), parent: parent ?? 0, ticks };
}

/** Seconds that these processes and all that descend from them have used since they began. */
export function secondsOf(pids: readonly number[], living: readonly ProcessTime[]): number {
  const ticksOf = ({ pid, ticks }: ProcessTime): number =>
    living.filter(({ parent }) => parent === pid).reduce((sum, child) => sum + ticksOf(child), ticks);
  return living.filter(({ pid }) => pids.includes(pid)).reduce((sum, one) => sum + ticksOf(one), 0) / TICKS_PER_SECOND;
}

/** Runs `act` and measures the CPU that each program uses meanwhile. */
export async function withCpu<T>(
  groups: ProcessGroups,
  act: () => Promise<T>,
): Promise<{ result: T; cpu: CpuSeconds }> {
  const before = readCpu(groups);
  const result = await act();
  const after = readCpu(groups);
  const spent = Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)] as const);
  return { result, cpu: Object.fromEntries(spent) };
}

/** The CPU of several measurements together. */
export function sumOfCpu(all: readonly CpuSeconds[]): CpuSeconds {
  const sum: Record<string, number> = {};
  for (const one of all) for (const [name, seconds] of Object.entries(one)) sum[name] = (sum[name] ?? 0) + seconds;
  return sum;
}

function readCpu(groups: ProcessGroups): CpuSeconds {
  const living = livingProcesses();
  return Object.fromEntries(Object.entries(groups).map(([name, pids]) => [name, secondsOf(pids, living)]));
}

function livingProcesses(): ProcessTime[] {
  if (process.platform !== 'linux') throw new Error('the benchmarks read CPU from /proc, so they need Linux');
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return [readStat(readFileSync(`/proc/${name}/stat`, 'utf8'))];
    } catch {
      // The process has ended meanwhile.
      return [];
    }
  });
}

/** Bytes of memory that these processes hold. Those that they started do not count. */
export function residentBytes(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  return kilobytes.reduce((sum, one) => sum + Number(one ?? 0) * 1024, 0);
}
