import { SECTIONS, type Section, type ShownSetting } from './sections.ts';

const HEAD = ['variable', 'type', 'default', 'secret', 'meaning'];

const cellsOf = ({ name, type, fallback, isRequired, isSecret, hasFile, meaning }: ShownSetting): string[] => [
  hasFile ? `\`${name}\`, \`…_FILE\`` : `\`${name}\``,
  type,
  isRequired ? 'required' : fallback === undefined ? 'none' : `\`${fallback}\``,
  isSecret ? 'yes' : '',
  meaning,
];

function tableOf({ settings }: Section): string {
  const rows = [HEAD, ...settings.map(cellsOf)];
  const widths = HEAD.map((_, at) => Math.max(...rows.map((cells) => cells[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const [head = HEAD, ...body] = rows;
  return [line(head), rule, ...body.map(line)].join('\n');
}

/**
 * The text of docs/configure.md with its tables as the code has them.
 * @throws Error when the page has no place for a section.
 */
export function withTables(page: string): string {
  let text = page;
  for (const section of SECTIONS) {
    const place = new RegExp(`(<!-- settings: ${section.name} -->\n)[^]*?(<!-- end -->)`);
    if (!place.test(text)) throw new Error(`docs/configure.md has no place for the settings of ${section.name}`);
    text = text.replace(place, (_, begin: string, end: string) => `${begin}\n${tableOf(section)}\n\n${end}`);
  }
  return text;
}
