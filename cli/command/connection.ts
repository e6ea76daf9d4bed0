import { type Client, createClient } from '../../client/index.ts';
import { UsageError } from './failure.ts';
import type { Host } from './host.ts';
import { rememberingFetch, type Sent } from './sent.ts';
import { readStack, stateFolder } from './stack-file.ts';

/** The key that the local stack gives: that of the demo account, or that of staff. */
export type Caller = 'customer' | 'staff';

export interface ApiConnection {
  readonly client: Client;
  readonly sent: Sent;
}

/**
 * A client of the API. The address is `--url` or `HOLDFAST_URL`, the key `HOLDFAST_API_KEY`: an argument would show in the list of
 * processes. With neither, the running local stack is used, and standard error says so. The key of the local stack is never sent
 * to another address.
 * @throws UsageError when an address or a key is missing.
 */
export async function connectApi(host: Host, url: string | undefined, caller: Caller): Promise<ApiConnection> {
  const { sent, fetch } = rememberingFetch(host.fetch);
  const { env, wait } = host;
  const at = url ?? (env.HOLDFAST_URL || undefined);
  const key = env.HOLDFAST_API_KEY || undefined;
  const open = (to: { readonly url: string; readonly key: string }): ApiConnection => ({
    client: createClient({ ...to, fetch, wait }),
    sent,
  });
  if (at !== undefined && key !== undefined) return open({ url: checkedUrl(at), key });
  if (at !== undefined) throw new UsageError(`set HOLDFAST_API_KEY to the key for ${checkedUrl(at)}`);
  if (key !== undefined) throw new UsageError('give the address of the API with --url or HOLDFAST_URL');
  const stack = await readStack(stateFolder(env));
  if (stack === undefined) {
    throw new UsageError('set HOLDFAST_URL and HOLDFAST_API_KEY, or start the local stack with `npm start`');
  }
  host.err(`using the local stack at ${stack.apiUrl} (${caller === 'staff' ? 'staff key' : 'demo account'})\n`);
  return open({ url: stack.apiUrl, key: caller === 'staff' ? stack.adminKey : stack.apiKey });
}

function checkedUrl(text: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    throw new UsageError(`the address ${JSON.stringify(text)} is not an http or https URL`);
  }
  const { username, password } = new URL(text);
  if (username !== '' || password !== '') throw new UsageError('the address must not have a user or a password in it');
  return text;
}
