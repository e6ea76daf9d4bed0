import type { Provider } from '../../../../client/openapi.ts';
import type { Visit } from '../../page.ts';

/** Rows of one read, and reads of one page: more providers than that have only their ids here. */
const MOST = 100;
const READS = 5;

/** The names of providers by their ids. */
export type Providers = ReadonlyMap<number, string>;

export async function readProviders({ v1 }: Visit): Promise<Providers> {
  const all: Provider[] = [];
  let cursor: string | undefined;
  for (let read = 0; read < READS; read += 1) {
    const query = { limit: MOST, ...(cursor === undefined ? {} : { cursor }) };
    const { data, nextCursor } = await v1.GET('/v1/admin/providers', { params: { query } });
    all.push(...data);
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return new Map(all.map(({ id, name }) => [id, name]));
}

export const providerName = (providers: Providers, id: number): string => providers.get(id) ?? `Provider ${id}`;

/** The options of a choice among providers. */
export const providerOptions = (providers: Providers, none: string): (readonly [string, string])[] => [
  ['', none],
  ...[...providers].map(([id, name]) => [String(id), name] as const),
];
