import { randomUUID } from 'node:crypto';
import type { FC } from 'hono/jsx';
import type { ListResult } from '../../../../client/openapi.ts';
import { LIMITS } from '../../../../domain/limits.ts';
import { type Page, redirect, textOf, type View, type Visit } from '../../page.ts';
import { V1Problem } from '../../v1.ts';
import { count } from '../../view/formats.ts';
import { Field, Heading, inputOf, Notice, PostForm } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';

const EXAMPLE = '1|https://example.com/p/1|1000\n1|https://example.com/p/2|500|3|60';

const FORM = { name: 'lines', label: 'Orders, one a line' };
const FILE = { name: 'file', label: 'Or a text file with such lines' };
const HINT = `service|link|quantity, or service|link|quantity|runs|minutes. Up to ${count(LIMITS.listLines)} lines.`;

interface Given {
  readonly text: string;
  readonly key: string;
  readonly error?: string;
}

function formView({ formToken }: Visit, { text, key, error }: Given, status: View['status'] = 200): View {
  const field = { ...FORM, hint: HINT, error };
  const body = (
    <>
      <Heading text="Mass order" />
      {error === undefined ? '' : <Notice kind="error">{error}</Notice>}
      <PostForm token={formToken} class="stack" upload action="/app/mass">
        <input type="hidden" name="key" value={key} />
        <Field {...field}>
          <textarea {...inputOf(field)} rows={12} placeholder={EXAMPLE} spellcheck={false}>
            {text}
          </textarea>
        </Field>
        <Field {...FILE}>
          <input {...inputOf(FILE)} type="file" accept=".txt,.csv,text/plain" />
        </Field>
        <p class="hint">Each line is an order of its own: a wrong line stops no other.</p>
        <button type="submit">Place the orders</button>
      </PostForm>
    </>
  );
  return { title: 'Mass order', body, status };
}

const COLUMNS: readonly Column[] = [{ name: 'Line' }, { name: 'Result' }, { name: 'Order' }, { name: 'Why' }];

/** A line and what became of it. */
interface Line {
  readonly line: number;
  readonly status: string;
  readonly order: number | null;
  readonly error: { readonly title: string; readonly detail: string } | null;
}

export const LineTable: FC<{ lines: readonly Line[] }> = ({ lines }) => (
  <Table columns={COLUMNS} caption="Lines">
    {lines.map(({ line, status, order, error }) => (
      <Row
        columns={COLUMNS}
        cells={[
          count(line),
          <span class={`badge is-${status}`}>{status}</span>,
          order === null ? <span class="quiet">–</span> : <a href={`/app/orders/${order}`}>{order}</a>,
          error === null ? '' : error.detail === error.title ? error.title : `${error.title}: ${error.detail}`,
        ]}
      />
    ))}
  </Table>
);

const Results: FC<{ result: ListResult }> = ({ result: { placed, refused, unknown, lines } }) => (
  <>
    <Heading text={`${count(placed)} placed, ${count(refused)} refused`}>
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
    <LineTable lines={lines} />
  </>
);

/** The lines of the text field, and those of the file. */
async function linesOf(form: FormData): Promise<string> {
  const file = form.get('file');
  const more = file instanceof Blob ? await file.text() : '';
  return [textOf(form, 'lines'), more].filter((text) => text.trim() !== '').join('\n');
}

/** Refusals after which the same list may still be placed: a repeat with its key places nothing twice. */
const UNDECIDED = new Set(['outcome_unknown', 'unavailable', 'rate_limited', 'internal']);

export const massPage: Page = {
  path: '/mass',
  get: async (visit) => formView(visit, { text: '', key: randomUUID() }),
  post: async (visit, form) => {
    const [text, key] = [await linesOf(form), textOf(form, 'key')];
    if (text === '') return formView(visit, { text, key, error: 'Write or choose at least one line.' }, 422);
    try {
      const placed = await visit.v1.POST('/v1/orders/batch', { body: text, idempotencyKey: key });
      if ('lines' in placed) return { title: 'Mass order', body: <Results result={placed} /> };
      return redirect(visit, `/app/mass/${placed.id}`);
    } catch (error) {
      if (!(error instanceof V1Problem) || error.status === 401) throw error;
      return formView(
        visit,
        { text, key: UNDECIDED.has(error.code) ? key : randomUUID(), error: `${error.title}: ${error.detail}` },
        422,
      );
    }
  },
};
