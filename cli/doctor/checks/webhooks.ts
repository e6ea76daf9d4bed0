import { type Backlog, readBacklog } from '../../../db/reconcile/backlog.ts';
import { unservedEndpoints } from '../../../db/webhook/deliveries.ts';
import { check } from '../check.ts';
import { counted, type Finding, ok, wrong } from '../finding.ts';

/** A healthy worker makes an attempt within seconds of its time. */
const LATE_SECONDS = 300;

export interface WebhooksReading extends Backlog {
  /** Webhooks whose first attempts are late while no worker makes one. */
  readonly unserved: number;
}

export function judgeWebhooks({ pending, retrying, oldestSeconds, unserved }: WebhooksReading): Finding[] {
  const waiting = `deliveries: ${pending} waiting, ${retrying} retrying`;
  const mend = 'check that a worker runs: npm run start:worker';
  if (unserved > 0) {
    return [
      wrong(`${counted(unserved, 'webhook')} with events overdue by more than ${LATE_SECONDS / 60} minutes`, mend),
    ];
  }
  if (oldestSeconds > LATE_SECONDS) {
    return [wrong(`${waiting}, the oldest untried for ${Math.round(oldestSeconds / 60)} minutes`, mend)];
  }
  return [ok(waiting)];
}

export const webhooks = check(
  'webhooks',
  async ({ database }) => {
    const sql = await database();
    const [backlog, unserved] = await Promise.all([readBacklog(sql), unservedEndpoints(sql, LATE_SECONDS)]);
    return { ...backlog, unserved: unserved.length };
  },
  judgeWebhooks,
);
