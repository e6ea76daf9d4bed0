import { z } from '@hono/zod-openapi';
import type { Caller } from '../../db/account/accounts.ts';
import { withTimeout } from '../../db/client.ts';
import {
  type BulkOrdersRow,
  bulkOrdersByKey,
  createBulkOrders,
  findBulkOrders,
  type NewLine,
} from '../../db/placement/bulk-orders.ts';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { OrderRequest } from '../../domain/placement/order-terms.ts';
import { cleanText } from '../../domain/text/storable.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { type FieldError, sentenceOf } from '../http/problems.ts';
import { QUERY_MS, TRANSACTION_MS } from '../http/timeouts.ts';
import { boundKey, idempotencyKey } from '../idempotency/idempotency.ts';
import { inListTurn, inPieces } from '../limits/list-turns.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, problemParts } from '../v1/schemas.ts';
import { bulkOrdersSchema, bulkOrdersView } from './bulk-view.ts';
import { listBody, readList } from './list-body.ts';
import { judgeLine, lineRequest, type OrderLine } from './order-lines.ts';
import { type LineResult, placeShortList } from './place-lines.ts';
import { requirePlaceable } from './placeable-lists.ts';
import { startBulkOrders } from './start-bulk-orders.ts';

export const LIST_PATH = '/v1/orders/batch';

const lineResult = z
  .object({
    line: z.int().openapi({ description: 'Counts from 1; empty lines of a text count too' }),
    status: z
      .enum(['placed', 'refused', 'unknown'])
      .openapi({ description: 'unknown: send the list again with its key; nothing is placed twice' }),
    order: z.int().nullable(),
    error: z.object(problemParts).nullable(),
  })
  .openapi('LineResult');

const listResult = z
  .object({ placed: z.int(), refused: z.int(), unknown: z.int(), lines: z.array(lineResult) })
  .openapi('ListResult');

/** Stores a large list, and returns its id. */
async function keepList(deps: Deps, caller: Caller, key: string, lines: readonly OrderLine[]): Promise<number> {
  const { sql } = deps;
  const { accountId } = caller;
  const kept = await newLines(lines);
  // A repeat shows the stored list whatever the wallet holds by now.
  if ((await withTimeout(QUERY_MS, bulkOrdersByKey(sql, accountId, key))) === undefined)
    await requirePlaceable(deps, caller, kept);
  return withTimeout(TRANSACTION_MS, createBulkOrders(sql, accountId, key, kept));
}

/** Starts the workflow that places a stored list. */
async function placeLater(deps: Deps, accountId: number, id: number, total: number): Promise<BulkOrdersRow> {
  await startBulkOrders(deps, id, accountId, total);
  const row = await withTimeout(QUERY_MS, findBulkOrders(deps.sql, accountId, id));
  if (row === undefined) throw new Refusal('outcome_unknown');
  return row;
}

/** Characters that PostgreSQL cannot store in text: zero bytes and halves of surrogate pairs. */
const UNSTORABLE = /\0|\p{Cs}/u;

/** Fields of a line that cannot be stored. The line is refused alone; an error of the database would refuse the whole list. */
function unstorable({ link = '', reference = '', fields = {} }: OrderRequest): FieldError[] {
  const odd = Object.entries({ link, reference, ...fields }).filter(([, text]) => UNSTORABLE.test(text));
  return odd.map(([path]) => ({ path, message: 'has characters that cannot be stored' }));
}

/** The detail may quote the line, so it is cleaned. */
const invalid = (line: number, errors: readonly FieldError[]): NewLine => ({
  line,
  error: { code: 'invalid_request', detail: cleanText(sentenceOf(errors)) },
});

function newLine(given: OrderLine): NewLine {
  const { line } = given;
  const judged = judgeLine(given);
  if ('request' in judged) {
    const odd = unstorable(judged.request);
    return odd.length === 0 ? { line, request: judged.request } : invalid(line, odd);
  }
  return judged.fault === 'invalid_request'
    ? invalid(line, judged.errors)
    : { line, error: { code: judged.fault, detail: undefined } };
}

/** The lines as they are stored. */
export async function newLines(given: readonly OrderLine[]): Promise<NewLine[]> {
  const lines: NewLine[] = [];
  for await (const piece of inPieces(given)) lines.push(...piece.map(newLine));
  return lines;
}

const countOf = (lines: readonly LineResult[], status: LineResult['status']): number =>
  lines.filter((line) => line.status === status).length;

/** Places a short list within this request. */
async function placeNow(deps: Deps, c: ApiContext, key: string, lines: readonly OrderLine[]) {
  const results = await placeShortList(deps, c.get('requestId'), {
    accountId: c.get('caller').accountId,
    route: `POST ${LIST_PATH}`,
    idempotencyKey: key,
    lines: lines.map((line) => ({ line: line.line, read: () => lineRequest(line) })),
  });
  return {
    placed: countOf(results, 'placed'),
    refused: countOf(results, 'refused'),
    unknown: countOf(results, 'unknown'),
    lines: results,
  };
}

const place = defineRoute(
  {
    method: 'post',
    path: LIST_PATH,
    scope: 'orders:write',
    tags: ['orders'],
    summary: 'Place a list of orders',
    description: `As JSON or as text: service|link|quantity, or service|link|quantity|runs|interval. Each line is an order of its own, and a wrong line stops no other. Up to ${LIMITS.linesAtOnce} lines are placed at once, and the answer 200 has their results in order. Up to ${LIMITS.listLines} lines are placed after the answer 202, and Location shows their progress. The same list with the same Idempotency-Key places nothing twice.`,
    idempotency: 'required',
    maxBody: LIMITS.listBody,
    readsBodyItself: true,
    request: { body: listBody },
    responses: {
      ...answersWith(200, 'The result of each line', listResult),
      ...answersWith(202, 'The stored list, whose progress Location shows', bulkOrdersSchema),
    },
  },
  async (c, deps) => {
    const caller = c.get('caller');
    idempotencyKey(c.req.header('idempotency-key'));
    const { lines, key, kept } = await inListTurn(deps, caller.accountId, async () => {
      const lines = await readList(c);
      const key = await boundKey(c, deps, lines);
      const isLong = lines.length > LIMITS.linesAtOnce;
      return { lines, key, kept: isLong ? await keepList(deps, caller, key, lines) : undefined };
    });
    if (kept === undefined) return c.json(await placeNow(deps, c, key, lines), 200);
    const list = await placeLater(deps, caller.accountId, kept, lines.length);
    c.header('Location', `${LIST_PATH}/${list.id}`);
    return c.json(bulkOrdersView(list), 202);
  },
);

export const orderListRoutes = [place];
