import type { ApiContext } from '../../../api/http/context.ts';

/** A POST to panel API v2 as its route receives it, without a server. `query` begins with `?`. */
export function panelCall(body: string | Uint8Array, type: string | undefined, query = ''): ApiContext {
  const bytes = new Uint8Array(Buffer.from(body as string));
  const req = {
    method: 'POST',
    url: `http://127.0.0.1/api/v2${query}`,
    header: (name: string) => (name === 'content-type' ? type : undefined),
    arrayBuffer: async () => bytes.buffer,
  };
  return { req } as unknown as ApiContext;
}
