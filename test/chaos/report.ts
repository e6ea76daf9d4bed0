import { type Figure, holds } from './judge/figure.ts';

/** How many examples are listed for a broken rule. */
const NAMED = 10;

/** The figures as a table in plain text. A rule shows whether it holds and what breaks it. */
export function reportOf(figures: readonly Figure[]): string {
  const width = Math.max(...figures.map(({ what }) => what.length));
  return figures
    .flatMap((figure) => {
      const { what, value, broken } = figure;
      const verdict = broken === undefined ? '' : holds(figure) ? '  holds' : '  BROKEN';
      const line = `${what.padEnd(width)} ${String(value).padStart(8)}${verdict}`;
      return [line, ...(broken ?? []).slice(0, NAMED).map((each) => `    ${each}`)];
    })
    .join('\n');
}
