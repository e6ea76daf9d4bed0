/**
 * `npm run bench:parsers`: what it costs to read what others send, at the size limit of each parser, in the dearest of many
 * shapes; and how the cost grows from half of that. One table, no engines; exits 1 when a parser costs more than it may.
 */
import { costOf } from './cost.ts';
import { PARSERS, type Parser } from './parsers.ts';

/** Milliseconds of CPU, where a parser has no other. */
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
process.stdout.write(`${table}\n\n${broken} of ${rows.length} cost more than they may.\n`);
process.exitCode = broken === 0 ? 0 : 1;
