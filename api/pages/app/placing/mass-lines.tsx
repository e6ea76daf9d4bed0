import type { FC } from 'hono/jsx';
import type { ListResult } from '../../../../client/openapi.ts';
import { LIMITS } from '../../../../domain/limits.ts';
import { linesIn } from '../../../../domain/placement/lines.ts';
import { count, whyRefused } from '../../view/formats.ts';
import { Heading, Notice, PostForm } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';

const COLUMNS: readonly Column[] = [
  { name: 'Line', kind: 'number' },
  { name: 'Result' },
  { name: 'Text' },
  { name: 'Order' },
  { name: 'Why' },
];

/** A line and what became of it. */
interface Line {
  readonly line: number;
  /** What it asks for, as a line of text; empty where it could not be read. */
  readonly text: string;
  readonly status: string;
  readonly order: number | null;
  readonly error: { readonly title: string; readonly detail: string } | null;
}

/** The lines of a list by their numbers, which count empty lines too, as v1 counts them. */
export const textsIn = (list: string): ReadonlyMap<number, string> =>
  new Map(linesIn(list, LIMITS.listLines).map(({ number, text }) => [number, text]));

/** A line of a list as it was written. */
export const LineText: FC<{ text: string | undefined }> = ({ text = '' }) =>
  text === '' ? <span class="quiet">–</span> : <span class="target">{text}</span>;

export const LineTable: FC<{ lines: readonly Line[] }> = ({ lines }) => (
  <Table columns={COLUMNS} caption="Lines">
    {lines.map(({ line, text, status, order, error }) => (
      <Row
        columns={COLUMNS}
        cells={[
          count(line),
          <span class={`badge is-${status}`}>{status}</span>,
          <LineText text={text} />,
          order === null ? <span class="quiet">–</span> : <a href={`/app/orders/${order}`}>{order}</a>,
          error === null ? '' : <span class="why">{whyRefused(error)}</span>,
        ]}
      />
    ))}
  </Table>
);

/** The results of a short list with the text of each line. */
export function resultsOf({ lines }: ListResult, list: string) {
  const texts = textsIn(list);
  return lines.map((line) => ({ ...line, text: texts.get(line.line) ?? '' }));
}

/** The lines that were not placed come first, because they are to be mended. */
export const unplacedFirst = (lines: readonly Line[]): Line[] => [
  ...lines.filter(({ status }) => status !== 'placed'),
  ...lines.filter(({ status }) => status === 'placed'),
];

/** The results of a short list. The file is made by sending the list again with its key, which places nothing twice. */
export const Results: FC<{ result: ListResult; form: { token: string; text: string; key: string } }> = ({
  result,
  form,
}) => {
  const { placed, refused, unknown } = result;
  return (
    <>
      <Heading text={`${count(placed)} placed, ${count(refused)} refused`}>
        <PostForm token={form.token} action="/app/mass">
          <input type="hidden" name="key" value={form.key} />
          <input type="hidden" name="lines" value={form.text} />
          <button type="submit" name="do" value="csv" class="plain" data-downloads>
            As CSV
          </button>
        </PostForm>
        <a class="button plain" href="/app/mass">
          Another list
        </a>
        <a class="button" href="/app/orders">
          To the orders
        </a>
      </Heading>
      {unknown === 0 ? (
        ''
      ) : (
        <Notice kind="error">
          {count(unknown)} lines are not known yet: reload this page to ask again. Nothing is placed twice.
        </Notice>
      )}
      <LineTable lines={unplacedFirst(resultsOf(result, form.text))} />
    </>
  );
};
