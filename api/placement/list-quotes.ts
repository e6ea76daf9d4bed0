import { z } from '@hono/zod-openapi';
import { readBalance } from '../../db/ledger/statement.ts';
import { readOffers, takenTargets } from '../../db/placement/list-offers.ts';
import type { ServiceOffer } from '../../db/placement/open-claim.ts';
import { linkKey } from '../../domain/catalogue/link.ts';
import { ERRORS, Refusal } from '../../domain/errors.ts';
import { formatMoney, MAX_PRICE, type Money } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { inListTurn, inPieces } from '../limits/list-turns.ts';
import { reading } from '../limits/reads.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith } from '../v1/schemas.ts';
import { listBody, readList } from './list-body.ts';
import { judgeLine, type OrderLine } from './order-lines.ts';
import { judgeRequest } from './order-terms.ts';
import { faultSchema, faultView } from './quote-faults.ts';

const quotedList = z
  .object({
    accepted: z.int(),
    refused: z.int(),
    total: z.string().openapi({ description: 'The price of the accepted lines', example: '12.6' }),
    currency: z.string(),
    balance: z
      .string()
      .nullable()
      .openapi({ description: 'What the wallet holds; null when the key lacks the scope wallet:read' }),
    affordable: z.boolean().openapi({ description: 'Whether the wallet can pay for all accepted lines' }),
    lines: z.array(
      z.object({
        line: z.int().openapi({ description: 'Counts from 1; empty lines of a text count too' }),
        accepted: z.boolean(),
        service: z.int().nullable(),
        totalQuantity: z.int().nullable(),
        price: z.string().nullable().openapi({ description: 'null when the quantity is not known' }),
        errors: z.array(faultSchema).openapi({
          description: `The first fault only, once the lines before it have ${LIMITS.listFaults} faults`,
        }),
      }),
    ),
  })
  .openapi('ListQuote');

/** A line as judged: what it costs, and why it would be refused. */
interface QuotedLine {
  readonly line: number;
  readonly service: number | null;
  readonly totalQuantity: number | null;
  readonly price: Money | null;
  readonly errors: z.output<typeof faultSchema>[];
  /** The target that no open order may have; null when the line has none, or is refused anyway. */
  readonly linkKey: string | null;
}

/** The fault of a line whose fields cannot be read. */
function unreadable(line: number, judged: Extract<ReturnType<typeof judgeLine>, { fault: string }>): QuotedLine {
  const { title } = ERRORS[judged.fault];
  const errors =
    judged.fault === 'invalid_request'
      ? judged.errors.map(({ path, message }) => ({ code: judged.fault, path: path || null, title, detail: message }))
      : [faultView(new Refusal(judged.fault))];
  return { line, service: null, totalQuantity: null, price: null, errors, linkKey: null };
}

type Offers = ReadonlyMap<number, ServiceOffer['service']>;

function quoteLine({ line }: OrderLine, judgedLine: ReturnType<typeof judgeLine>, offers: Offers): QuotedLine {
  if ('fault' in judgedLine) return unreadable(line, judgedLine);
  const { request } = judgedLine;
  const service = offers.get(request.service);
  if (service === undefined) {
    const errors = [faultView(new Refusal('unknown_service'))];
    return { line, service: request.service, totalQuantity: null, price: null, errors, linkKey: null };
  }
  const judged = judgeRequest(request, { service });
  const { link } = judged.terms ?? judged;
  return {
    line,
    service: service.id,
    totalQuantity: judged.cost?.totalQuantity ?? null,
    price: judged.cost?.price ?? null,
    errors: judged.faults.map(faultView),
    linkKey: link === undefined ? null : linkKey(link, service.ignoredLinkParameters),
  };
}

/** Judges lines by the rules of placement, and writes nothing. */
async function quoteLines(deps: Deps, c: ApiContext, lines: readonly OrderLine[], balance: bigint) {
  const { accountId } = c.get('caller');
  const judged = lines.map((line) => ({ line, judged: judgeLine(line) }));
  const services = new Set(judged.flatMap(({ judged }) => ('request' in judged ? [judged.request.service] : [])));
  const offers = await reading(deps, c, (sql) => readOffers(sql, [...services]));
  const quoted = judged.map(({ line, judged }) => quoteLine(line, judged, offers));
  const targets = quoted.flatMap(({ service, linkKey }) =>
    service === null || linkKey === null ? [] : [{ service, linkKey }],
  );
  const taken = (await reading(deps, c, (sql) => takenTargets(sql, accountId, targets))).values();
  for (const { linkKey, price, errors } of quoted) {
    if (linkKey !== null && taken.next().value === true) errors.push(faultView(new Refusal('duplicate_link')));
    if (price !== null && price <= MAX_PRICE && price > balance)
      errors.push(faultView(new Refusal('insufficient_funds')));
  }
  return quoted;
}

/** The quote of each line, with all its faults or, after LIMITS.listFaults of them, the first one. */
async function quoteList(deps: Deps, c: ApiContext) {
  const lines = await readList(c);
  const balance = await reading(deps, c, (sql) => readBalance(sql, c.get('caller').accountId));
  const quoted: QuotedLine[] = [];
  let faults = 0;
  for await (const piece of inPieces(lines)) {
    for (const line of await quoteLines(deps, c, piece, balance)) {
      const errors = faults < LIMITS.listFaults ? line.errors : line.errors.slice(0, 1);
      faults += errors.length;
      quoted.push({ ...line, errors });
    }
  }
  return { quoted, balance };
}

const create = defineRoute(
  {
    method: 'post',
    path: '/v1/quotes/batch',
    scope: 'orders:write',
    tags: ['orders'],
    summary: 'What a list of orders would cost, and which lines would be taken',
    description: `Takes the body of \`POST /v1/orders/batch\`, up to ${LIMITS.listLines} lines, and judges each line by the rules of \`POST /v1/quotes\`, as if it were the only one: \`total\` and \`affordable\` say what the accepted lines cost together, and two lines that want the same target do not know of each other. Nothing is written and nothing is held.`,
    maxBody: LIMITS.listBody,
    readsBodyItself: true,
    request: { body: listBody },
    responses: answersWith(200, 'The quote of each line', quotedList),
  },
  async (c, deps) => {
    const { accountId, scopes } = c.get('caller');
    const { quoted, balance } = await inListTurn(deps, accountId, () => quoteList(deps, c));
    const accepted = quoted.filter(({ errors }) => errors.length === 0);
    const total = accepted.reduce((sum, { price }) => sum + (price ?? 0n), 0n);
    const answer = {
      accepted: accepted.length,
      refused: quoted.length - accepted.length,
      total: formatMoney(total),
      currency: deps.config.CURRENCY,
      balance: scopes.includes('wallet:read') ? formatMoney(balance) : null,
      affordable: total <= balance,
      lines: quoted.map(({ linkKey: _, price, ...line }) => ({
        ...line,
        accepted: line.errors.length === 0,
        price: price === null ? null : formatMoney(price),
      })),
    };
    return c.json(answer, 200);
  },
);

export const listQuoteRoutes = [create];
