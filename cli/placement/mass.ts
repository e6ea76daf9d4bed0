import {
  type BulkOrderLine,
  type BulkOrders,
  type Client,
  HoldfastProblem,
  HoldfastUnreachable,
  type LineResult,
} from '../../client/index.ts';
import { EXIT, type ExitCode } from '../command/exit-codes.ts';
import type { Host } from '../command/host.ts';
import { plain } from '../command/terminal.ts';

/** How often the progress of a large list is read. */
const POLL_MS = 1_000;

/** The result of one line of a list. */
export type MassLine = Pick<LineResult, 'line' | 'order'> & {
  readonly status: LineResult['status'] | BulkOrderLine['status'];
  readonly error: { readonly code: string; readonly detail: string } | null;
};

/** What became of a list. */
export interface MassResult {
  /** The id of a large list, which the API places by itself; null for a list that was placed at once. */
  readonly list: number | null;
  readonly placed: number;
  readonly refused: number;
  readonly canceled: number;
  readonly unknown: number;
  readonly lines: readonly MassLine[];
}

export type ShowProgress = (ended: number, total: number) => void;

/**
 * Places a list of text lines, and waits until each line has its result. The API places up to 100 lines while it is asked, and
 * stores longer lists, whose progress is read until they end.
 * @throws HoldfastUnreachable also when the API stored the list but refuses to tell how far it is: its lines are placed all the same.
 */
export async function placeList(
  client: Client,
  text: string,
  { key, wait, show }: { readonly key: string; readonly wait: Host['wait']; readonly show: ShowProgress },
): Promise<MassResult> {
  const answer = await client.POST('/v1/orders/batch', { body: text, idempotencyKey: key });
  if ('lines' in answer) return { list: null, canceled: 0, ...answer };
  try {
    return await endOfList(client, answer, { wait, show });
  } catch (error) {
    if (!(error instanceof HoldfastProblem)) throw error;
    throw new HoldfastUnreachable(`list ${answer.id} is stored, but its progress cannot be read`, error, key);
  }
}

/** Reads a stored list until it has ended, and then its lines. */
async function endOfList(
  client: Client,
  stored: BulkOrders,
  { wait, show }: { readonly wait: Host['wait']; readonly show: ShowProgress },
): Promise<MassResult> {
  let list = stored;
  while (list.status === 'placing') {
    show(list.total - list.waiting, list.total);
    await wait(POLL_MS);
    const params = { path: { id: list.id }, query: { limit: 1 } };
    list = await client.GET('/v1/orders/batch/{id}', { params });
  }
  const { id, placed, refused, canceled } = list;
  const lines: MassLine[] = [];
  for await (const line of client.each('/v1/orders/batch/{id}', { params: { path: { id }, query: { limit: 100 } } }))
    lines.push(line);
  return { list: id, placed, refused, canceled, unknown: 0, lines };
}

/** A line that is not known outweighs a refused one: the list must be sent again. */
export function exitOf({ unknown, refused, canceled }: MassResult): ExitCode {
  if (unknown > 0) return EXIT.unknown;
  return refused + canceled > 0 ? EXIT.refused : EXIT.done;
}

/** Each line that was not placed, then the counts. */
export function massText({ lines, ...counts }: MassResult): string {
  const notPlaced = lines
    .filter(({ status }) => status !== 'placed')
    .map(({ line, status, error }) =>
      plain(`line ${line}: ${status}${error === null ? '' : ` ${error.code}: ${error.detail}`}`),
    );
  const said = (['placed', 'refused', 'canceled', 'unknown'] as const)
    .filter((name) => name === 'placed' || counts[name] > 0)
    .map((name) => `${counts[name]} ${name}`);
  return `${[...notPlaced, said.join(', ')].join('\n')}\n`;
}
