/** Control characters, and characters that change the direction of text. A terminal would obey them. */
const OBEYED = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Text from outside as part of a line on a terminal. */
export const plain = (text: string): string => text.replace(OBEYED, '\ufffd');

/** Rows as columns that line up, two spaces between them. The cells are shown as plain text. */
export function table(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(plain));
  const widths: number[] = [];
  for (const row of cells) for (const [n, cell] of row.entries()) widths[n] = Math.max(widths[n] ?? 0, cell.length);
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, n) => cell.padEnd(widths[n] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** An argument as a shell reads it: quoted only where it needs quotes. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
