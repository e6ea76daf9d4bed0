import { HOUSEKEEPING_TASKS, housekeepingId } from '../../../workflows/contract.ts';
import { check } from '../check.ts';
import { isNotFound } from '../engines/temporal.ts';
import { counted, type Finding, ok, wrong } from '../finding.ts';
import type { Installation } from '../installation.ts';

export interface ScheduleReading {
  readonly id: string;
  readonly state: 'runs' | 'paused' | 'missing';
  /** What was noted with the pause. */
  readonly note: string;
}

async function read({ settings, temporal }: Installation): Promise<Reading> {
  const { connection } = await temporal();
  const { temporalAddress: address, temporalNamespace: namespace } = settings;
  const schedules = HOUSEKEEPING_TASKS.map(async (task): Promise<ScheduleReading> => {
    const id = housekeepingId(task);
    try {
      const { schedule } = await connection.workflowService.describeSchedule({ namespace, scheduleId: id });
      const { paused, notes } = schedule?.state ?? {};
      return { id, state: paused === true ? 'paused' : 'runs', note: notes ?? '' };
    } catch (error) {
      if (isNotFound(error)) return { id, state: 'missing', note: '' };
      throw error;
    }
  });
  return { address, namespace, schedules: await Promise.all(schedules) };
}

interface Reading {
  readonly address: string;
  readonly namespace: string;
  readonly schedules: readonly ScheduleReading[];
}

export function judgeSchedules({ address, namespace, schedules }: Reading): Finding[] {
  const missing = schedules.filter(({ state }) => state === 'missing').map(({ id }) => id);
  const paused = schedules.filter(({ state }) => state === 'paused');
  const findings = paused.map(({ id, note }) =>
    wrong(
      `the Schedule ${id} is paused${note === '' ? '' : `: ${note}`}`,
      `temporal schedule toggle --unpause --reason mended --address ${address} --namespace ${namespace} --schedule-id ${id}`,
    ),
  );
  if (missing.length > 0) {
    const says = `${counted(missing.length, 'Schedule')} missing: ${missing.join(', ')}`;
    findings.push(wrong(says, 'start a worker, which makes them: npm run start:worker'));
  }
  return findings.length === 0 ? [ok(`all ${counted(schedules.length, 'Schedule')} run`)] : findings;
}

export const schedules = check('schedules', read, judgeSchedules);
