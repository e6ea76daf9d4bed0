import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, test } from 'vitest';
import { readStat, residentBytes, secondsOf, sumOfCpu, withCpu } from '../../bench/measure/cpu.ts';
import { type HistoryEvents, lateTasksOf } from '../../bench/measure/histories.ts';
import { latenciesOf } from '../../bench/measure/latencies.ts';

describe('the CPU of a program', () => {
  /** A line of /proc/<pid>/stat, up to the fields that are read. */
  const stat = (pid: number, name: string, parent: number, ticks: readonly number[]) =>
    `${pid} (${name}) S ${parent} 1 1 0 -1 4194560 90 80 70 60 ${ticks.join(' ')} 20 0 1 0`;

  it('is read from its line, whatever its name is', () => {
    const own = { pid: 12, parent: 7, ticks: 10 };
    expect(readStat(stat(12, 'postgres', 7, [1, 2, 3, 4]))).toEqual(own);
    expect(readStat(stat(12, 'a) R 99 (b', 7, [1, 2, 3, 4]))).toEqual(own);
  });

  it('is that of the process, of all that it started, and of those that have ended', () => {
    const living = [
      readStat(stat(1, 'init', 0, [900, 0, 0, 0])),
      // 5 ticks of its own, 20 of ended children.
      readStat(stat(10, 'postgres', 1, [3, 2, 15, 5])),
      readStat(stat(11, 'postgres: a session', 10, [30, 10, 0, 0])),
      readStat(stat(12, 'its worker', 11, [1, 0, 0, 0])),
      readStat(stat(20, 'node', 1, [50, 0, 0, 0])),
    ];
    expect(secondsOf([10], living)).toBe(0.66);
    expect(secondsOf([10, 20], living)).toBe(1.16);
    expect(secondsOf([99], living)).toBe(0);
  });

  it.runIf(process.platform === 'linux')('is measured in /proc, also of a child that was ended meanwhile', async () => {
    const burn = 'const from = process.cpuUsage().user; while (process.cpuUsage().user - from < 60_000);';
    const { result, cpu } = await withCpu({ tests: [process.pid], none: [] }, async () => {
      const child = spawn(process.execPath, ['-e', burn], { stdio: 'ignore' });
      return (await once(child, 'exit'))[0];
    });
    expect(result).toBe(0);
    expect(cpu.tests).toBeGreaterThanOrEqual(0.05);
    expect(cpu.none).toBe(0);
    expect(residentBytes([process.pid])).toBeGreaterThan(1_000_000);
  });

  it('of several measurements is their sum, program by program', () => {
    expect(sumOfCpu([{ worker: 1, API: 2 }, { worker: 3 }])).toEqual({ worker: 4, API: 2 });
    expect(sumOfCpu([])).toEqual({});
  });
});

test('latencies are values that were measured: the 99th percentile of a few is the slowest', () => {
  expect(latenciesOf([30, 10, 20])).toEqual({ count: 3, p50: 20, p95: 30, p99: 30, max: 30 });
  const hundred = Array.from({ length: 200 }, (_, at) => 200 - at);
  expect(latenciesOf(hundred)).toEqual({ count: 200, p50: 100, p95: 190, p99: 198, max: 200 });
  expect(() => latenciesOf([])).toThrow('nothing was measured');
});

describe('tasks in a history', () => {
  let id = 0;
  /** An event at so many milliseconds. */
  const event = (ms: number, attributes: object): HistoryEvents[number] =>
    ({
      eventId: ++id,
      eventTime: { seconds: Math.floor(ms / 1_000), nanos: (ms % 1_000) * 1e6 },
      ...attributes,
    }) as unknown as HistoryEvents[number];
  const activity = (scheduled: number, started: number, attempt = 1): HistoryEvents => {
    const first = event(scheduled, { activityTaskScheduledEventAttributes: {} });
    return [
      first,
      event(started, { activityTaskStartedEventAttributes: { scheduledEventId: first.eventId, attempt } }),
    ];
  };

  it('are late when an activity waits for more than a second for its first start', () => {
    const events = [...activity(5_000, 5_900), ...activity(6_200, 7_300), ...activity(7_000, 10_000, 2)];
    expect(lateTasksOf(events)).toEqual({ workflowTasksTimedOut: 0, activitiesThatWaited: 1 });
  });

  it('are late when a workflow task times out', () => {
    const events = [event(0, { workflowTaskTimedOutEventAttributes: {} }), event(1, {})];
    expect(lateTasksOf(events)).toEqual({ workflowTasksTimedOut: 1, activitiesThatWaited: 0 });
    expect(lateTasksOf([])).toEqual({ workflowTasksTimedOut: 0, activitiesThatWaited: 0 });
  });
});
