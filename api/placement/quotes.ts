import { z } from '@hono/zod-openapi';
import type { Caller } from '../../db/account/accounts.ts';
import type { Sql } from '../../db/client.ts';
import { readBalance } from '../../db/ledger/statement.ts';
import { claimRefusals, readOffer } from '../../db/placement/open-claim.ts';
import { linkKey } from '../../domain/catalogue/link.ts';
import { Refusal } from '../../domain/errors.ts';
import { formatMoney, formatRate, MAX_PRICE } from '../../domain/ledger/money.ts';
import type { OrderRequest } from '../../domain/placement/order-terms.ts';
import { reading } from '../limits/reads.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, jsonBody } from '../v1/schemas.ts';
import { orderRequest, quoteBody } from './order-body.ts';
import { judgeRequest } from './order-terms.ts';
import { faultSchema, faultView } from './quote-faults.ts';

const amount = z.string().nullable().openapi({ example: '0.9' });

const quote = z
  .object({
    service: z.int(),
    accepted: z.boolean().openapi({ description: 'Whether the order would be taken now' }),
    rate: amount.openapi({ description: 'The price of 1000, or of a package; null when there is no such service' }),
    unitPrice: amount.openapi({ description: 'The price of one item' }),
    quantity: z.int().nullable().openapi({ description: 'The quantity of each run; null when it is not known' }),
    totalQuantity: z.int().nullable(),
    price: amount.openapi({ description: 'What the order would cost; null when its quantity is not known' }),
    currency: z.string(),
    balance: amount.openapi({ description: 'What the wallet holds; null when the key lacks the scope wallet:read' }),
    affordable: z.boolean().nullable().openapi({ description: 'Whether the wallet can pay the price' }),
    errors: z.array(faultSchema).openapi({
      description: 'Everything that would refuse the order; the first one is what POST /v1/orders answers',
    }),
  })
  .openapi('Quote');

/** Judges a request by the rules of placement, and writes nothing. */
async function quoteOf(sql: Sql, { accountId }: Caller, request: OrderRequest) {
  const offer = await readOffer(sql, request.service);
  if (offer === undefined) return { faults: [new Refusal('unknown_service')] };
  const judged = judgeRequest(request, offer);
  const { cost, faults } = judged;
  const { link } = judged.terms ?? judged;
  const key = link === undefined ? null : linkKey(link, offer.service.ignoredLinkParameters);
  // A price above the largest one has a fault already, and may be larger than PostgreSQL's numbers.
  const price = cost === undefined || cost.price > MAX_PRICE ? null : cost.price;
  const codes = await claimRefusals(sql, { accountId, service: offer.service.id }, { linkKey: key, price });
  return {
    rate: offer.service.rate,
    cost: cost && { ...cost, affordable: price !== null && !codes.includes('insufficient_funds') },
    faults: [...faults, ...codes.map((code) => new Refusal(code))],
  };
}

const create = defineRoute(
  {
    method: 'post',
    path: '/v1/quotes',
    scope: 'orders:write',
    tags: ['orders'],
    summary: 'What an order would cost, and whether it would be taken',
    description:
      'Takes the body of `POST /v1/orders`, judges it by the same rules, and answers every fault at once. Nothing is written and nothing is held: the price and the rules may change until the order is placed. A body that does not match the schema is refused as a whole.',
    request: { body: jsonBody(quoteBody) },
    responses: answersWith(200, 'The quote', quote),
  },
  async (c, deps) => {
    const caller = c.get('caller');
    const request = orderRequest(c.req.valid('json'));
    const { rate, cost, faults } = await reading(deps, c, (sql) => quoteOf(sql, caller, request));
    const balance = caller.scopes.includes('wallet:read')
      ? formatMoney(await reading(deps, c, (sql) => readBalance(sql, caller.accountId)))
      : null;
    const answer = {
      service: request.service,
      accepted: faults.length === 0,
      rate: rate === undefined ? null : formatRate(rate),
      unitPrice: cost === undefined ? null : formatMoney(cost.unitPrice),
      quantity: cost?.quantity ?? null,
      totalQuantity: cost?.totalQuantity ?? null,
      price: cost === undefined ? null : formatMoney(cost.price),
      currency: deps.config.CURRENCY,
      balance,
      affordable: cost?.affordable ?? null,
      errors: faults.map(faultView),
    };
    return c.json(answer, 200);
  },
);

export const quoteRoutes = [create];
