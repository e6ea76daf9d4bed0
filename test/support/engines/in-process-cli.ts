import { run } from '../../../cli/run.ts';

/** An answer of the API, or the error of a connection. */
export type Scripted = { readonly status: number; readonly body: unknown } | Error;

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  /** The requests that were made, in order. */
  readonly requests: readonly Request[];
}

/** The error with which `fetch` fails when the connection has this error. */
export const failedFetch = (code: string): Error =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(`${code} 127.0.0.1:1`), { code }) });

/** A refusal as the API answers it. */
export const problem = (status: number, code: string, detail = 'a detail'): Scripted => ({
  status,
  body: { type: 'about:blank', title: 'a title', status, code, detail, request_id: 'r-1' },
});

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly isTerminal?: boolean;
}

const KEYED = { HOLDFAST_URL: 'http://api.test', HOLDFAST_API_KEY: 'hf_secret' };

/** Runs a command line against an API that answers as told: each answer once, the last one for ever. */
export async function ran(argv: readonly string[], answers: readonly Scripted[], given: Given = {}): Promise<Ran> {
  const { env = KEYED, stdin = '', isTerminal = false } = given;
  let out = '';
  let err = '';
  const requests: Request[] = [];
  const left = [...answers];
  const exit = await run(argv, {
    env: { HOLDFAST_HOME: '/nowhere', ...env },
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    isTerminal,
    stdin: (async function* () {
      yield stdin;
    })(),
    fetch: async (input, init) => {
      requests.push(new Request(input, init));
      const answer = left.length > 1 ? left.shift() : left[0];
      if (answer === undefined) throw new Error('the API was not to be asked');
      if (answer instanceof Error) throw answer;
      return Response.json(answer.body, { status: answer.status });
    },
    wait: async () => {},
    now: () => 0,
  });
  return { exit, out, err, requests };
}
