import { Context, heartbeat } from '@temporalio/activity';
import type { Sql } from '../../db/client.ts';
import { setAlerts } from '../../db/reconcile/alerts.ts';
import { countDay, countMoney, daysToCount, serviceTimes } from '../../db/report/days.ts';
import { LIMITS } from '../../domain/limits.ts';
import { addUp, type Histogram } from '../../domain/report/histogram.ts';
import { whySlow } from '../../domain/report/slow-service.ts';
import { untilFew } from '../housekeeping/until-few.ts';
import type { Deps } from '../runtime/deps.ts';

/** Transfers of one transaction, so that none takes long. */
const TRANSFERS = 5_000;
/** The time for a day of orders: longer than a request would wait. */
const STATEMENT = '60s';
const HEARTBEAT_MS = 5_000;
const DAY_MS = 86_400_000;

/** Keeps the totals of days that reports are made of, and raises an alert about each service that has become slow. */
export const createCountDays =
  ({ sql, log }: Deps) =>
  async (): Promise<void> => {
    const { cancellationSignal } = Context.current();
    const alive = setInterval(() => heartbeat(), HEARTBEAT_MS);
    try {
      const transfers = await untilFew(TRANSFERS, (most) => countMoney(sql, most));
      const now = new Date();
      const days = await daysToCount(sql, now, LIMITS.reportDays, LIMITS.correctionHours);
      for (const day of days) {
        cancellationSignal.throwIfAborted();
        await sql.begin(async (tx) => {
          await tx`select set_config('statement_timeout', ${STATEMENT}, true)`;
          await countDay(tx, day, now);
        });
      }
      if (transfers > 0) log.info({ transfers, days: days.length }, 'counted the totals of days');
      for (const { subject, detail } of await judgeServices(sql, now))
        log.warn({ subject, detail }, 'a service has become slow');
    } finally {
      clearInterval(alive);
    }
  };

const all = (days: readonly Histogram[]): Histogram => days.reduce<Histogram>(addUp, []);

/** Compares each service's today and yesterday with its own last weeks. Returns the alerts that are new. */
export async function judgeServices(sql: Sql, now: Date) {
  const yesterday = new Date(now.getTime() - DAY_MS).toISOString().slice(0, 10);
  const rows = await serviceTimes(sql, yesterday, LIMITS.reportWeeks);
  const wanted = rows.map(({ service, lately, before, wasSlow }) => ({
    kind: 'service_slow' as const,
    subject: `service:${service}`,
    detail: whySlow({ lately: all(lately), before: all(before), wasSlow }),
  }));
  return setAlerts(sql, wanted);
}
