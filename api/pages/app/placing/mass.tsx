import { createHash, randomUUID } from 'node:crypto';
import type { ListQuote } from '../../../../client/openapi.ts';
import { LIMITS } from '../../../../domain/limits.ts';
import { csvAnswer, onlyPage } from '../../../http/csv.ts';
import { LINE_COLUMNS } from '../../../placement/bulk-view.ts';
import { keyAfter } from '../../form-key.ts';
import { type Page, redirect, textOf, type View, type Visit } from '../../page.ts';
import { V1Problem } from '../../v1.ts';
import { count } from '../../view/formats.ts';
import { Field, Heading, inputOf, Notice, PostForm } from '../../view/parts.tsx';
import { Checked, CheckedLines } from './mass-check.tsx';
import { Results, resultsOf } from './mass-lines.tsx';

const EXAMPLE = '1|https://example.com/p/1|1000\n1|https://example.com/p/2|500|3|60';

const FORM = { name: 'lines', label: 'Orders, one a line' };
const FILE = { name: 'file', label: 'Or a text file with such lines' };
const HINT = `service|link|quantity, or service|link|quantity|runs|minutes. Up to ${count(LIMITS.listLines)} lines.`;

interface Given {
  readonly text: string;
  readonly key: string;
  readonly error?: string;
  /** What a check of the text said. */
  readonly checked?: ListQuote;
}

/** Names a text, however its line ends came: a browser writes them anew. */
const digestOf = (text: string): string =>
  createHash('sha256').update(text.replaceAll(/\r\n?/g, '\n')).digest('base64url');

function formView({ formToken }: Visit, { text, key, error, checked }: Given, status: View['status'] = 200): View {
  const field = { ...FORM, hint: HINT, error };
  const body = (
    <>
      <Heading text="Mass order" />
      {error === undefined ? '' : <Notice kind="error">{error}</Notice>}
      {checked === undefined ? '' : <Checked quote={checked} />}
      <PostForm token={formToken} class="stack" upload action="/app/mass">
        <input type="hidden" name="key" value={key} />
        {checked === undefined ? '' : <input type="hidden" name="checked" value={digestOf(text)} />}
        <Field {...field}>
          <textarea {...inputOf(field)} rows={12} placeholder={EXAMPLE} spellcheck={false}>
            {text}
          </textarea>
        </Field>
        <Field {...FILE}>
          <input {...inputOf(FILE)} type="file" accept=".txt,.csv,text/plain" />
        </Field>
        <p class="hint">Each line is an order of its own: a wrong line stops no other.</p>
        <div class="actions">
          <button type="submit" name="do" value="check" class={checked === undefined ? '' : 'plain'}>
            {checked === undefined ? 'Check' : 'Check again'}
          </button>
          <button type="submit" name="do" value="place" class={checked === undefined ? 'plain' : ''}>
            Place the orders
          </button>
        </div>
      </PostForm>
      {checked === undefined ? '' : <CheckedLines quote={checked} list={text} />}
    </>
  );
  return { title: 'Mass order', body, status };
}

/** The lines of the text field, and those of the file. */
async function linesOf(form: FormData): Promise<string> {
  const file = form.get('file');
  const more = file instanceof Blob ? await file.text() : '';
  return [textOf(form, 'lines'), more].filter((text) => text.trim() !== '').join('\n');
}

/** Judges the list and places nothing. */
async function check(visit: Visit, text: string, key: string): Promise<View> {
  const checked = await visit.v1.POST('/v1/quotes/batch', { body: text });
  return formView(visit, { text, key, checked });
}

/** A list that was changed after its check is checked again, so that nothing is placed that was not looked at. */
async function checkAgain(visit: Visit, text: string, key: string): Promise<View> {
  const checked = await visit.v1.POST('/v1/quotes/batch', { body: text });
  const error = 'The list was changed after its check. This is what the check says now; nothing is placed yet.';
  return formView(visit, { text, key, checked, error }, 409);
}

async function place(
  visit: Visit,
  { text, key, asCsv }: Given & { readonly asCsv: boolean },
): Promise<View | Response> {
  const placed = await visit.v1.POST('/v1/orders/batch', { body: text, idempotencyKey: key });
  if (!('lines' in placed)) return redirect(visit, `/app/mass/${placed.id}`);
  if (asCsv) {
    const columns = { ...LINE_COLUMNS, text: ({ text: one }: { readonly text: string }) => one };
    const file = { name: 'list', columns, pages: onlyPage(resultsOf(placed, text)) };
    return csvAnswer(visit.c, visit.deps, file);
  }
  const form = { token: visit.formToken, text, key };
  return { title: 'Mass order', body: <Results result={placed} form={form} /> };
}

export const massPage: Page = {
  path: '/mass',
  scope: 'orders:write',
  get: async (visit) => formView(visit, { text: '', key: randomUUID() }),
  post: async (visit, form) => {
    const [text, key, wanted] = [await linesOf(form), textOf(form, 'key'), textOf(form, 'do')];
    if (text === '') return formView(visit, { text, key, error: 'Write or choose at least one line.' }, 422);
    try {
      if (wanted === 'check') return await check(visit, text, key);
      const wasChecked = textOf(form, 'checked');
      if (wasChecked !== '' && wasChecked !== digestOf(text)) return await checkAgain(visit, text, key);
      return await place(visit, { text, key, asCsv: wanted === 'csv' });
    } catch (error) {
      if (!(error instanceof V1Problem) || error.status === 401) throw error;
      return formView(visit, { text, key: keyAfter(key, error), error: `${error.title}: ${error.detail}` }, 422);
    }
  },
};
