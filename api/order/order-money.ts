import { z } from '@hono/zod-openapi';
import { ORDER_MONEY_KINDS, type OrderMoneyLine, orderMoneyLines } from '../../db/ledger/order-money.ts';
import { formatMoney } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import { reading } from '../limits/reads.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, idParam } from '../v1/schemas.ts';
import { ownOrder } from './own-order.ts';

const effects = {
  wallet: z
    .string()
    .openapi({ description: 'What it changed in the wallet; negative when money left', example: '-0.9' }),
  escrow: z.string().openapi({ description: 'What it changed in the money held for the order', example: '0.9' }),
};

const money = z
  .object({
    order: z.int(),
    currency: z.string(),
    data: z
      .array(
        z.object({
          kind: z.enum(ORDER_MONEY_KINDS),
          amount: z.string().openapi({ example: '0.9' }),
          ...effects,
          line: z.int().nullable().openapi({ description: 'Its line in the statement; null when it moved no wallet' }),
          reference: z.string().openapi({ description: 'The step of the ledger', example: 'order:10001:hold' }),
          at: z.iso.datetime(),
        }),
      )
      .openapi({ description: `The last ${LIMITS.moneyShown} lines, oldest first` }),
    sum: z.object(effects).openapi({
      description: 'Over all lines. Once the order is settled, escrow is 0 and wallet is the charge, negative',
    }),
  })
  .openapi('OrderMoney');

const lineView = ({ amount, wallet, escrow, at, ...line }: OrderMoneyLine) => ({
  ...line,
  amount: formatMoney(amount),
  wallet: formatMoney(wallet),
  escrow: formatMoney(escrow),
  at: at.toISOString(),
});

const get = defineRoute(
  {
    method: 'get',
    path: '/v1/orders/{id}/money',
    scope: 'orders:read',
    tags: ['orders'],
    summary: "The ledger's lines of an order, with their sum",
    request: { params: idParam },
    responses: answersWith(200, 'The lines, oldest first', money),
  },
  async (c, deps) => {
    const { id } = await ownOrder(deps, c, c.req.valid('param').id);
    const { lines, walletSum, escrowSum } = await reading(deps, c, (sql) =>
      orderMoneyLines(sql, id, LIMITS.moneyShown),
    );
    const body = {
      order: id,
      currency: deps.config.CURRENCY,
      data: lines.map(lineView),
      sum: { wallet: formatMoney(walletSum), escrow: formatMoney(escrowSum) },
    };
    return c.json(body, 200);
  },
);

export const orderMoneyRoutes = [get];
