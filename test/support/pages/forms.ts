/** A button of a form that is posted: where it goes, and what it sends. */
export interface PostButton {
  readonly action: string;
  readonly fields: readonly (readonly [string, string])[];
}

type Attributes = Readonly<Record<string, string>>;

const unescaped = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

const attributesOf = (text: string): Attributes =>
  Object.fromEntries([...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value = '']) => [name, unescaped(value)]));

/** The attributes of every element with this name. */
const elements = (html: string, name: string): Attributes[] =>
  [...html.matchAll(new RegExp(`<${name}\\b([^>]*)>`, 'g'))].map(([, text = '']) => attributesOf(text));

/** Inputs that stay as they are: an empty time means now, and no file is sent. */
const LEFT_OUT = ['datetime-local', 'date', 'file'];

/** The fields of a form as a person would send them: each text filled in, each box marked, the first option chosen. */
function fieldsOf(form: string): (readonly [string, string])[] {
  const inputs = elements(form, 'input')
    .filter(({ name, type = 'text' }) => name !== undefined && !LEFT_OUT.includes(type))
    .map(({ name = '', value = '' }) => [name, value || '1'] as const);
  const texts = elements(form, 'textarea').map(({ name = '' }) => [name, '1'] as const);
  const selects = [...form.matchAll(/<select\b([^>]*)>(.*?)<\/select>/gs)].map(([, text = '', options = '']) => {
    const values = elements(options, 'option').map(({ value = '' }) => value);
    return [attributesOf(text).name ?? '', values.find(Boolean) ?? ''] as const;
  });
  return [...inputs, ...texts, ...selects];
}

/** Every button of a page that posts something. `here` is the page's own address, which forms without an action post to. */
export function postButtons(html: string, here: string): PostButton[] {
  const forms = [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].flatMap(([, text = '', form = '']) => {
    const { method, action = here } = attributesOf(text);
    if (method !== 'post') return [];
    const fields = fieldsOf(form);
    const parts = elements(form, '\\w+').flatMap((part) => (part['hx-post'] === undefined ? [] : [part['hx-post']]));
    const buttons = elements(form, 'button').filter(({ type }) => type === 'submit');
    return [
      ...buttons.map(({ name, value = '' }) => ({
        action,
        fields: name === undefined ? fields : [...fields, [name, value] as const],
      })),
      ...parts.map((part) => ({ action: part, fields })),
    ];
  });
  return forms;
}
