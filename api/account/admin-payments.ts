import { z } from '@hono/zod-openapi';
import type { Tx } from '../../db/client.ts';
import { sqlState } from '../../db/errors.ts';
import { debit, deposit, SQLSTATE } from '../../db/ledger/ledger.ts';
import { Refusal } from '../../domain/errors.ts';
import { formatMoney, MAX_PRICE } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import { once } from '../idempotency/idempotency.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, idParam, jsonBody, money, printableText, staffReason } from '../v1/schemas.ts';
import { existingAccount } from './admin-accounts.ts';

const tags = ['staff'];

const payment = {
  amount: money.refine((amount) => amount > 0n && amount <= MAX_PRICE, 'must be above 0 and at most 90 billion'),
  reference: printableText(LIMITS.reference),
};
const paid = { account: z.int(), amount: z.string(), balance: z.string(), reference: z.string() };

/** The refusal for a payment that the ledger refused; any other error as it is. */
function refusalFor(error: unknown): unknown {
  const state = sqlState(error);
  if (state === SQLSTATE.stepConflict)
    return new Refusal('conflict', 'the reference was used for another amount; use another reference');
  if (state === SQLSTATE.tooLittle) return new Refusal('insufficient_funds', 'the wallet holds less than the amount');
  return error;
}

const newDeposit = defineRoute(
  {
    method: 'post',
    path: '/v1/admin/accounts/{id}/deposits',
    scope: 'admin',
    tags,
    summary: 'Put money into a wallet, once for each reference',
    idempotency: 'required',
    request: { params: idParam, body: jsonBody(z.strictObject(payment)) },
    responses: answersWith(201, 'The deposit, and the balance after it', z.object(paid)),
  },
  async (c, deps) => {
    const { id } = c.req.valid('param');
    const { amount, reference } = c.req.valid('json');
    const effect = async (tx: Tx) => {
      const account = await existingAccount(tx, id);
      const balance = await deposit(tx, account, amount, reference).catch((error: unknown) => {
        throw refusalFor(error);
      });
      return { account, amount: formatMoney(amount), balance: formatMoney(balance), reference };
    };
    const request = { id, amount: formatMoney(amount), reference };
    return c.json(await once(c, deps, { request, effect }), 201);
  },
);

const newDebit = defineRoute(
  {
    method: 'post',
    path: '/v1/admin/accounts/{id}/debits',
    scope: 'admin',
    tags,
    summary: 'Take money out of a wallet, once for each reference',
    description:
      'For a payment that was reversed, or a payout. The wallet never falls below zero: a debit above its balance is refused, and takes nothing. The customer reads the reference in the statement; the reason is for the audit log.',
    idempotency: 'required',
    request: { params: idParam, body: jsonBody(z.strictObject({ ...payment, reason: staffReason })) },
    responses: answersWith(201, 'The debit, and the balance after it', z.object(paid)),
  },
  async (c, deps) => {
    const { id } = c.req.valid('param');
    const { amount, reference, reason } = c.req.valid('json');
    const effect = async (tx: Tx) => {
      const account = await existingAccount(tx, id);
      const balance = await debit(tx, account, amount, reference).catch((error: unknown) => {
        throw refusalFor(error);
      });
      return { account, amount: formatMoney(amount), balance: formatMoney(balance), reference };
    };
    const request = { id, amount: formatMoney(amount), reference, reason };
    return c.json(await once(c, deps, { request, effect }), 201);
  },
);

export const adminPaymentRoutes = [newDeposit, newDebit];
