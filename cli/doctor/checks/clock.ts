import { check } from '../check.ts';
import type { ClockReading } from '../engines/temporal.ts';
import { type Finding, ok, wrong } from '../finding.ts';
import type { Installation } from '../installation.ts';

/** More than this and deadlines of sends and requests, judged by different clocks, no longer agree. */
const MOST_MS = 2_000;

const seconds = (ms: number): string => `${(Math.abs(ms) / 1_000).toFixed(1)} s`;

export function judgeClock(whose: string, { there, here, within }: ClockReading): Finding[] {
  const skew = there - here;
  // The answer was on its way for a while, so the clocks may agree better than it looks.
  if (Math.abs(skew) - within <= MOST_MS) return [ok(`${whose}'s clock agrees with this machine's`)];
  const says = `${whose}'s clock is ${seconds(skew)} ${skew > 0 ? 'ahead of' : 'behind'} this machine's`;
  return [wrong(says, 'run a time service (chrony, systemd-timesyncd) on both machines: timedatectl set-ntp true')];
}

async function databaseClock({ database, now }: Installation): Promise<ClockReading> {
  // On a connection of its own: a query that waits for one would show a wait as an inexact clock.
  const session = await (await database()).reserve();
  try {
    const begun = now();
    const [row] = await session<{ at: number }[]>`select extract(epoch from clock_timestamp())::float8 * 1000 as at`;
    const seen = now();
    return { there: row?.at ?? Number.NaN, here: (begun + seen) / 2, within: (seen - begun) / 2 };
  } finally {
    session.release();
  }
}

export const clocks = [
  check('clock-postgresql', databaseClock, (reading) => judgeClock('PostgreSQL', reading)),
  check(
    'clock-temporal',
    ({ temporalClock }) => temporalClock(),
    (reading) => judgeClock('Temporal', reading),
  ),
];
