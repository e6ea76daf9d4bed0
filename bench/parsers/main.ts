/**
 * `npm run bench:parsers`: what it costs to read text from outside. Reads many shapes at each parser's size limit, and reports
 * the most expensive shape and how its cost grows from half the size.
 * Prints one table and needs no engines. Exits 1 when a parser costs more than its limit.
 */
import { costOf } from './cost.ts';
import { PARSERS, type Parser } from './parsers.ts';

/** Milliseconds of CPU allowed for a parser without its own limit. */
const USUAL = 50;

async function rowOf(parser: Parser): Promise<readonly [cost: number, row: readonly string[]]> {
  const { name, limit, shapes } = parser;
  let dearest = { cost: -1, shape: shapes[0] };
  for (const shape of shapes) {
    const cost = await costOf(parser, shape, limit, 1);
    if (cost > dearest.cost) dearest = { cost, shape };
  }
  const { shape } = dearest;
  if (shape === undefined) throw new Error(`${name} has no shapes`);
  const [half, whole] = [await costOf(parser, shape, limit / 2, 9), await costOf(parser, shape, limit, 9)];
  return [
    whole,
    [
      name,
      String(limit),
      whole.toFixed(1),
      String(parser.allowed ?? USUAL),
      (whole / Math.max(half, 0.1)).toFixed(1),
      `${shapes.length}`,
      shape.name,
    ],
  ];
}

const HEAD = ['parser', 'bytes', 'ms of CPU', 'allowed', '× for twice the size', 'shapes', 'the dearest'];
const rows: (readonly string[])[] = [];
let broken = 0;
for (const parser of PARSERS) {
  process.stderr.write(`${parser.name} …\n`);
  const [cost, row] = await rowOf(parser);
  rows.push(row);
  if (cost > (parser.allowed ?? USUAL)) broken += 1;
}
const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const table = [line(HEAD), line(HEAD.map(() => '---')), ...rows.map(line)].join('\n');
process.stdout.write(`${table}\n\n${broken} of ${rows.length} cost more than allowed.\n`);
process.exitCode = broken === 0 ? 0 : 1;
