import { type Figure, holds } from '../chaos/judge/figure.ts';
import type { Bound } from './bounds.ts';
import type { SoakOptions } from './options.ts';

/** How many examples are listed for a broken bound. */
const NAMED = 10;

/** A count or a rule of chaos as a line of this report. */
export const boundOf = (figure: Figure): Bound => ({
  what: figure.what.trim(),
  seen: String(figure.value),
  ...(figure.broken === undefined ? {} : { allowed: '0' }),
  broken: holds(figure) ? [] : (figure.broken ?? []),
});

export const isHeld = ({ broken }: Bound): boolean => broken.length === 0;

const verdictOf = (bound: Bound): string => (bound.allowed === undefined ? '' : isHeld(bound) ? 'holds' : 'BROKEN');

/** The bounds as a table in plain text. */
export function tableOf(bounds: readonly Bound[]): string {
  const rows = bounds.map((bound) => [bound.what, bound.seen, bound.allowed ?? '', verdictOf(bound)]);
  const all = [['bound', 'seen', 'allowed', 'verdict'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return all
    .flatMap((row, at) => [line(row), ...(bounds[at - 1]?.broken ?? []).slice(0, NAMED).map((each) => `    ${each}`)])
    .join('\n');
}

/** The bounds as one object of JSON. */
export const jsonOf = ({ seed, minutes, ordersPerSecond }: SoakOptions, bounds: readonly Bound[]): string =>
  JSON.stringify(
    {
      seed,
      minutes,
      ordersPerSecond,
      passed: bounds.every(isHeld),
      bounds: bounds.map((one) => ({ ...one, holds: isHeld(one) })),
    },
    null,
    2,
  );
