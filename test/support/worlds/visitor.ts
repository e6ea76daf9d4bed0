import { expect } from 'vitest';

/** An answer that a browser without script gets. */
export interface Shown {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** Where a redirect leads. */
  readonly location: string;
}

/** A browser without script: it keeps cookies, follows no redirect by itself, and sends the hidden fields of forms. */
export interface Visitor {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Shown>;
  /** Sends a form as its own page would: from this site, and as its fields say. */
  post(path: string, fields: Fields, headers?: Readonly<Record<string, string>>): Promise<Shown>;
  /** Fills in the form of a page and sends it to the same address. */
  submit(path: string, fields: Fields): Promise<Shown>;
  signIn(key: string): Promise<Shown>;
  readonly cookies: ReadonlyMap<string, string>;
  /** The cookies as a request sends them. */
  cookieHeader(): string;
}

type Fields = Readonly<Record<string, string>>;

/** The hidden fields of a page. A name that several forms have keeps its first value. */
export function hiddenFields(html: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, name = '', value = ''] of html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)) {
    fields[name] ??= value;
  }
  return fields;
}

export function openVisitor(url: string, desk: 'app' | 'ops' = 'app'): Visitor {
  const cookies = new Map<string, string>();

  const cookieHeader = (): string => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');

  async function send(path: string, init: RequestInit): Promise<Shown> {
    const cookie = cookieHeader();
    const answer = await fetch(url + path, {
      redirect: 'manual',
      ...init,
      headers: { ...(cookie === '' ? {} : { cookie }), ...(init.headers as Record<string, string>) },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return {
      status: answer.status,
      headers: answer.headers,
      html: await answer.text(),
      location: answer.headers.get('location') ?? '',
    };
  }

  const get: Visitor['get'] = (path, headers = {}) => send(path, { headers });
  const post: Visitor['post'] = (path, fields, headers = {}) =>
    send(path, {
      method: 'POST',
      headers: { origin: url, 'sec-fetch-site': 'same-origin', ...headers },
      body: new URLSearchParams(fields),
    });
  return {
    get,
    post,
    cookies,
    cookieHeader,
    submit: async (path, fields) => post(path, { ...hiddenFields((await get(path)).html), ...fields }),
    signIn: async (key) => {
      const answer = await post(`/${desk}/sign-in`, { key });
      expect(answer.status).toBe(303);
      return answer;
    },
  };
}
