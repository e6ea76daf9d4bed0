import { readFile } from 'node:fs/promises';

/** One request of `examples/holdfast.http` as written, without values for its variables. */
export interface WrittenRequest {
  readonly title: string;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** The requests of the collection, in order. */
export async function writtenRequests(): Promise<WrittenRequest[]> {
  const text = await readFile(new URL('../../../examples/holdfast.http', import.meta.url), 'utf8');
  return text
    .split(/^### /m)
    .slice(1)
    .map((part) => {
      const [head = '', ...bodies] = part.trim().split('\n\n');
      const [title = '', request = '', ...headers] = head.split('\n');
      const [method = '', address = ''] = request.split(' ');
      return {
        title,
        method,
        target: address.replace('{{url}}', ''),
        headers: Object.fromEntries(headers.map((line) => [line.split(': ')[0], line.slice(line.indexOf(': ') + 2)])),
        body: bodies.length === 0 ? undefined : bodies.join('\n\n'),
      };
    });
}

/** The text with values for its variables. Throws for a variable without a value. */
export const filledIn = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{\{([$\w]+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the collection has no value for ${name}`);
    return value;
  });
