import { z } from '@hono/zod-openapi';
import { accepts } from 'hono/accepts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from './context.ts';

type Cell = string | number | null;

/** A decimal number, negative amounts of money among them: no spreadsheet runs one. */
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** The beginnings of text that a spreadsheet runs as a formula; some of them skip blanks, and know the wide characters of East Asia. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u;

/** The beginning of a formula inside a cell: where `;` or a tab separates the cells, the spreadsheet begins one there, whatever the quotes. */
const INNER_FORMULA = /([;\t\r\n]\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/gu;

const QUOTED = /[",\r\n]|^\s|\s$/;

/** Text as one cell: an apostrophe in front makes a spreadsheet show a formula as text. */
function cellOf(cell: Cell): string {
  const given = cell === null ? '' : String(cell);
  const safe = given.replace(INNER_FORMULA, "$1'");
  const text = FORMULA.test(given) && !NUMBER.test(given) ? `'${safe}` : safe;
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A line of CSV per RFC 4180. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cellOf).join(',')}\r\n`;

/** A list as JSON by default, or as CSV. */
export const wantsCsv = (c: ApiContext): boolean =>
  accepts(c, { header: 'Accept', supports: ['application/json', 'text/csv'], default: 'application/json' }) ===
  'text/csv';

/** For the document: the answer of a list that can be had as CSV too. */
export const withCsv = <A extends { readonly 200: { readonly content: object } }>(answers: A) => ({
  ...answers,
  200: { ...answers[200], content: { ...answers[200].content, 'text/csv': { schema: z.string() } } } as A[200] & {
    content: { 'text/csv': { schema: z.ZodString } };
  },
});

const NO_FORMULAS =
  'A text that a spreadsheet would run as a formula begins with an apostrophe there, also behind a semicolon.';

/** The sentence in the document of a list that can be had as CSV. */
export const CSV_NOTE = `With \`Accept: text/csv\` the answer is a file with every row from \`cursor\` on, whatever \`limit\` is. ${NO_FORMULAS}`;

/** The same for an answer whose rows are `data`, without pages. */
export const CSV_DATA_NOTE = `With \`Accept: text/csv\` the answer is a file with the rows of \`data\`. ${NO_FORMULAS}`;

interface Page<R> {
  readonly rows: readonly R[];
  /** The position behind which the next page begins; null: this is the last. */
  readonly next: number | null;
}

/** The pages of a list that is read by a position, from behind `start` on. */
export async function* pagesFrom<R>(
  start: number | undefined,
  read: (after: number | undefined) => Promise<Page<R>>,
): AsyncGenerator<readonly R[], void> {
  for (let after: number | null | undefined = start; after !== null; ) {
    const { rows, next }: Page<R> = await read(after);
    yield rows;
    after = next;
  }
}

/** The rows of a list that is read at once. */
export async function* onlyPage<R>(rows: readonly R[]): AsyncGenerator<readonly R[], void> {
  yield rows;
}

/** The position of the last row of a full page; null when the page is not full. */
export const lastOf = <R>(rows: readonly R[], position: (row: R) => number): number | null => {
  const last = rows.at(-1);
  return rows.length < LIMITS.csvPage || last === undefined ? null : position(last);
};

interface CsvFile<R> {
  /** The beginning of the file's name; the date follows. */
  readonly name: string;
  readonly columns: Readonly<Record<string, (row: R) => Cell>>;
  /** The rows, page by page. A page is read when the client has taken the one before. */
  readonly pages: AsyncIterator<readonly R[], void>;
}

/**
 * A list as a CSV file. The first page is read before the answer begins, so that a refusal is a problem; a later failure breaks the
 * connection, because a file that merely ends would look whole.
 */
export async function csvAnswer<R>(
  c: ApiContext,
  { log, closing }: Pick<Deps, 'log' | 'closing'>,
  file: CsvFile<R>,
): Promise<Response> {
  const { name, columns, pages } = file;
  const cells = Object.values(columns);
  const textOf = (rows: readonly R[]) => rows.map((row) => csvLine(cells.map((cell) => cell(row)))).join('');
  const encoder = new TextEncoder();
  let next = await pages.next();
  let text = csvLine(Object.keys(columns));
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          closing?.throwIfAborted();
          if (next.done === true) {
            if (text !== '') controller.enqueue(encoder.encode(text));
            return controller.close();
          }
          controller.enqueue(encoder.encode(text + textOf(next.value)));
          text = '';
          next = await pages.next();
        } catch (error) {
          log.warn({ err: error, file: name }, 'a CSV file broke off');
          controller.error(error);
        }
      },
      cancel: async () => {
        await pages.return?.();
      },
    },
    { highWaterMark: 0 },
  );
  const date = new Date().toISOString().slice(0, 10);
  c.header('Content-Type', 'text/csv; charset=utf-8; header=present');
  c.header('Content-Disposition', `attachment; filename="${name}-${date}.csv"`);
  c.header('Vary', 'Accept', { append: true });
  return c.body(body, 200);
}
