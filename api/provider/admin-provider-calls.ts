import { z } from '@hono/zod-openapi';
import { providerExists, readCalls } from '../../db/provider/calls.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type CallCounts, sumOfCalls } from '../../domain/report/call-counts.ts';
import { percentileOf } from '../../domain/report/histogram.ts';
import { InvalidRequest } from '../http/problems.ts';
import { reading } from '../limits/reads.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, idParam, timestamp } from '../v1/schemas.ts';
import { noProvider, providerId } from './admin-providers.ts';

const HOUR_MS = 3_600_000;
const STEP_MS = { minute: 60_000, hour: HOUR_MS } as const;
const MOST_MS = { minute: LIMITS.callMinuteHours * HOUR_MS, hour: LIMITS.callHourHours * HOUR_MS } as const;

const calls = z.object({
  at: z.iso.datetime().openapi({ description: 'The beginning of the minute or hour' }),
  action: z.string().openapi({ example: 'status' }),
  calls: z.int(),
  answered: z.int(),
  errors: z.int().openapi({ description: 'Answers with an HTTP status of 400 or more; they are answered too' }),
  notSent: z.int().openapi({ description: 'Calls that provably never left Holdfast' }),
  noAnswer: z.int().openapi({ description: 'Calls that left, or may have left, without a whole answer' }),
  latencyMs: z
    .object({ p50: z.number().nullable(), p95: z.number().nullable() })
    .openapi({ description: 'Of all these calls, to about a tenth' }),
});

const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value));

function view({ minute, action, answered, errors, notSent, noAnswer, latency }: CallCounts) {
  return {
    at: new Date(minute).toISOString(),
    action,
    calls: answered + notSent + noAnswer,
    answered,
    errors,
    notSent,
    noAnswer,
    latencyMs: { p50: rounded(percentileOf(latency, 0.5)), p95: rounded(percentileOf(latency, 0.95)) },
  };
}

/** The counts by the step that each minute is in. */
function byStep(rows: readonly CallCounts[], stepMs: number): CallCounts[] {
  const steps = new Map<string, CallCounts>();
  for (const row of rows) {
    const minute = Math.floor(row.minute / stepMs) * stepMs;
    const key = `${minute} ${row.action}`;
    const had = steps.get(key);
    steps.set(key, had === undefined ? { ...row, minute } : sumOfCalls(had, row));
  }
  return [...steps.values()].sort((a, b) => a.minute - b.minute || (a.action < b.action ? -1 : 1));
}

const list = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/providers/{id}/calls',
    scope: 'admin',
    tags: ['staff'],
    summary: 'How many calls a provider got lately, how they ended and how long they took',
    description: `Counts by minute or hour and action, kept for ${LIMITS.callDays} days; nothing that was said. They are written every ten seconds. One answer has at most ${LIMITS.callMinuteHours} hours by minute, or ${LIMITS.callHourHours} hours by hour.`,
    request: {
      params: idParam,
      query: z.strictObject({
        from: timestamp.optional().openapi({ description: 'By default an hour before `to`' }),
        to: timestamp.optional().openapi({ description: 'By default now' }),
        step: z.enum(['minute', 'hour']).default('minute'),
      }),
    },
    responses: answersWith(
      200,
      'The counts, oldest first',
      z.object({ provider: z.int(), from: z.iso.datetime(), to: z.iso.datetime(), data: z.array(calls) }),
    ),
  },
  async (c, deps) => {
    const provider = providerId(c.req.valid('param').id);
    const { step, to = new Date(), from = new Date(to.getTime() - HOUR_MS) } = c.req.valid('query');
    if (to <= from) throw new InvalidRequest([{ path: 'to', message: 'must be after from' }]);
    if (to.getTime() - from.getTime() > MOST_MS[step])
      throw new InvalidRequest([
        { path: 'from', message: `by ${step}, at most ${MOST_MS[step] / HOUR_MS} hours before to` },
      ]);
    const [isThere, rows] = await reading(deps, c, (sql) =>
      Promise.all([providerExists(sql, provider), readCalls(sql, provider, from, to)]),
    );
    if (!isThere) throw noProvider();
    const data = byStep(rows, STEP_MS[step]).map(view);
    return c.json({ provider, from: from.toISOString(), to: to.toISOString(), data }, 200);
  },
);

export const providerCallRoutes = [list];
