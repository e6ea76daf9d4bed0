import type { FC } from 'hono/jsx';
import { rounded } from '../../../domain/report/figures.ts';

/** The drawing's own units; the style decides how large they are. */
const WIDTH = 84;
const HEIGHT = 22;
/** Room for the round ends of lines. */
const EDGE = 2;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * The lines through values at equal distances, the largest at the top and zero at the bottom. A missing value breaks the line; a
 * value without neighbours is a line of one point.
 */
export function linesThrough(values: readonly (number | null)[]): Point[][] {
  const top = Math.max(...values.map((value) => value ?? 0), 0) || 1;
  const step = values.length < 2 ? 0 : (WIDTH - 2 * EDGE) / (values.length - 1);
  const lines: Point[][] = [[]];
  for (const [index, value] of values.entries()) {
    if (value === null) lines.push([]);
    else
      lines
        .at(-1)
        ?.push({ x: round(EDGE + index * step), y: round(HEIGHT - EDGE - (value / top) * (HEIGHT - 2 * EDGE)) });
  }
  return lines.filter(({ length }) => length > 0);
}

const round = (value: number): number => rounded(value, 1);

const pathOf = (points: readonly Point[]): string => {
  const [first, ...others] = points.map(({ x, y }) => `${x} ${y}`);
  // A line to its own point shows as a dot.
  return `M${first} ${(others.length === 0 ? [first] : others).map((point) => `L${point}`).join(' ')}`;
};

/** A small curve without axes. `text` says the same in words. */
export const Sparkline: FC<{ values: readonly (number | null)[]; text: string }> = ({ values, text }) => (
  <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={text}>
    <title>{text}</title>
    <path d={linesThrough(values).map(pathOf).join(' ')} />
  </svg>
);
