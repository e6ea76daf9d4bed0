import { z } from '@hono/zod-openapi';
import type { Days } from '../../db/report/reports.ts';
import { InvalidRequest } from '../http/problems.ts';

const DAY_MS = 86_400_000;

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** PostgreSQL knows no year 0; nothing was ordered before 2000. */
const day = z.iso.date().refine((text) => text >= '2000-01-01', 'must be in 2000 or later');

/** The days of a report; `usual` without a query. */
export const daysQuery = (usual: number) => ({
  from: day.optional().openapi({ description: `The first day, in UTC; by default ${usual} days before \`to\`` }),
  to: day.optional().openapi({ description: 'The day after the last one, in UTC; by default tomorrow' }),
});

interface Bounds {
  readonly usual: number;
  /** The most days of one report. */
  readonly most: number;
}

/** @throws InvalidRequest when the days are none, or too many. */
export function daysOf(
  given: { readonly [Name in keyof Days]?: Days[Name] | undefined },
  { usual, most }: Bounds,
): Days {
  const to = given.to ?? dayOf(Date.now() + DAY_MS);
  const from = given.from ?? dayOf(Date.parse(to) - usual * DAY_MS);
  if (to <= from) throw new InvalidRequest([{ path: 'to', message: 'must be after from' }]);
  if (Date.parse(to) - Date.parse(from) > most * DAY_MS)
    throw new InvalidRequest([{ path: 'from', message: `must be at most ${most} days before to` }]);
  return { from, to };
}

/** `days` days before a day. */
export const daysBefore = (day: string, days: number): string => dayOf(Date.parse(day) - days * DAY_MS);
