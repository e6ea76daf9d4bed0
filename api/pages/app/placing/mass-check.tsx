import type { FC } from 'hono/jsx';
import type { ListQuote } from '../../../../client/openapi.ts';
import { count, counted, whyRefused } from '../../view/formats.ts';
import { Amount } from '../../view/parts.tsx';
import { type Column, Facts, Row, Table } from '../../view/table.tsx';
import { LineText, textsIn } from './mass-lines.tsx';

/** Lines that a check shows. */
const SHOWN = 200;

const COLUMNS: readonly Column[] = [
  { name: 'Line', kind: 'number' },
  { name: 'Check' },
  { name: 'Text' },
  { name: 'Service' },
  { name: 'Quantity', kind: 'number' },
  { name: 'Price', kind: 'number' },
  { name: 'Why not' },
];

type Line = ListQuote['lines'][number];

/** The fields that a line of text has. */
const IN_A_LINE = /^(?:service|link|quantity|dripFeed\b.*)?$/;

/** The errors in words, each with its field. */
export const whyNot = ({ errors }: Pick<Line, 'errors'>): string =>
  errors
    .map((error) => {
      const { path } = error;
      if (path !== null && !IN_A_LINE.test(path))
        return `${path} – a line has no such field: order this service by itself`;
      return [path, whyRefused(error)].filter(Boolean).join(' – ');
    })
    .join('; ');

/** The lines to show: those that would be refused come first, because they are to be mended. */
export const shownLines = (lines: readonly Line[]): Line[] =>
  [...lines.filter(({ accepted }) => !accepted), ...lines.filter(({ accepted }) => accepted)].slice(0, SHOWN);

/** What a check says of the whole list. */
export const Checked: FC<{ quote: ListQuote }> = ({ quote }) => {
  const { accepted, refused, total, currency, balance, affordable } = quote;
  return (
    <section id="check" aria-label="Check">
      <p class={`notice is-${refused === 0 && affordable ? 'done' : 'error'}`} role="status">
        {counted(accepted, 'line')} would be taken, {count(refused)} refused
        {affordable ? '.' : '. The wallet cannot pay for all of them.'} Nothing is placed yet.
      </p>
      <Facts
        of={[
          ['Price of the lines that would be taken', <Amount of={total} currency={currency} />],
          ...(balance === null ? [] : [['Balance', <Amount of={balance} currency={currency} />] as const]),
        ]}
      />
    </section>
  );
};

/** What a check says of each line: its price or its errors. `list`: the text that was checked. */
export const CheckedLines: FC<{ quote: ListQuote; list: string }> = ({ quote: { lines }, list }) => {
  const texts = textsIn(list);
  return (
    <section aria-label="Lines">
      {lines.length > SHOWN ? (
        <p class="quiet">
          {count(SHOWN)} of {count(lines.length)} lines, those that would be refused first.
        </p>
      ) : (
        ''
      )}
      <Table columns={COLUMNS} caption="Lines of the list">
        {shownLines(lines).map((line) => (
          <Row
            columns={COLUMNS}
            cells={[
              count(line.line),
              <span class={`badge is-${line.accepted ? 'placed' : 'refused'}`}>
                {line.accepted ? 'good' : 'refused'}
              </span>,
              <LineText text={texts.get(line.line)} />,
              line.service === null ? <span class="quiet">–</span> : line.service,
              line.totalQuantity === null ? <span class="quiet">–</span> : count(line.totalQuantity),
              line.price === null ? <span class="quiet">–</span> : <Amount of={line.price} />,
              line.accepted ? '' : <span class="why">{whyNot(line)}</span>,
            ]}
          />
        ))}
      </Table>
    </section>
  );
};
