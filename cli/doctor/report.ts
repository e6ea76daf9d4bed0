import { EXIT, type ExitCode } from '../command/exit-codes.ts';
import { plain } from '../command/terminal.ts';
import type { CheckedFinding } from './check.ts';
import type { State } from './finding.ts';

/** What cannot be found out is as bad as what is wrong. */
const isBad = ({ state }: CheckedFinding): boolean => state === 'wrong' || state === 'unknown';

export const exitOf = (findings: readonly CheckedFinding[]): ExitCode =>
  findings.some(isBad) ? EXIT.failed : EXIT.done;

const MARKS: Readonly<Record<State, string>> = {
  ok: 'ok',
  warning: 'warn',
  wrong: 'WRONG',
  unknown: '?',
  skipped: '-',
};

/** A line for each finding, with what mends it below, and the sum at the end. */
export function reportText(findings: readonly CheckedFinding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, state, says, mend }) => [
    plain(`${MARKS[state].padEnd(5)}  ${check.padEnd(width)}  ${says}`),
    ...(mend === undefined ? [] : [plain(`${' '.repeat(width + 9)}→ ${mend}`)]),
  ]);
  const [bad, open] = (['wrong', 'unknown'] as const).map((is) => findings.filter(({ state }) => state === is).length);
  const sum = findings.some(isBad) ? `${bad} wrong, ${open} not known` : 'nothing is wrong';
  return `${lines.join('\n')}\n\n${sum}\n`;
}
