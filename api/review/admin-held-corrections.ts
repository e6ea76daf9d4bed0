import { z } from '@hono/zod-openapi';
import {
  decideHeldCorrections,
  HELD_STATES,
  type HeldCorrection,
  type HeldDecision,
  type HeldEffect,
  heldEffect,
  listHeldCorrections,
} from '../../db/review/held-corrections.ts';
import { formatMoney } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { idempotencyKey, once } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { byStaff } from '../order/ask-order.ts';
import { noProvider, providerId } from '../provider/admin-providers.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, idParam, jsonBody, page, pageQuery, reasonText, timeOf } from '../v1/schemas.ts';

const tags = ['staff'];

const heldCorrection = z
  .object({
    id: z.int(),
    order: z.int(),
    batch: z.int(),
    state: z.enum(HELD_STATES).openapi({
      description:
        'released: staff released the correction, and it is made within a poll of the provider. withdrawn: the provider now says something else',
    }),
    status: z.string().openapi({ description: "Our word for the provider's status" }),
    remains: z.int().nullable(),
    providerCharge: z.string().nullable(),
    delivered: z.int().openapi({ description: 'What the batch counts as delivered once the correction is released' }),
    amount: z
      .string()
      .openapi({ description: 'What the correction would give back, by the state of the order at saidAt' }),
    heldAt: z.iso.datetime(),
    saidAt: z.iso
      .datetime()
      .openapi({ description: 'When the provider said it; a newer word of the provider replaces an older one' }),
    decidedAt: z.iso.datetime().nullable(),
    decidedBy: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .openapi('HeldCorrection');

const decided = z
  .object({
    provider: z.int(),
    corrections: z.int().openapi({ description: 'How many corrections were decided' }),
    amount: z.string().openapi({ description: 'What these corrections give back, or would have given back' }),
  })
  .openapi('HeldCorrectionsDecided');

const dryRunSchema = z
  .object({
    dryRun: z.literal(true),
    ...decided.shape,
    digest: z.string().openapi({
      description: 'Of the corrections, with the amount of each: it is another when any of these has changed',
    }),
  })
  .openapi('HeldCorrectionsDryRun');

const decision = z
  .strictObject({
    reason: reasonText,
    orders: z
      .array(z.int().min(1))
      .min(1)
      .max(LIMITS.heldOrders)
      .optional()
      .openapi({ description: 'Decide about these orders only; without it about all held corrections' }),
    dryRun: z.boolean().default(false).openapi({ description: 'true: only say what the decision would be about' }),
  })
  .openapi('HeldCorrectionsDecision');
type Decision = z.output<typeof decision>;

const request = { params: idParam, body: jsonBody(decision) };
const responses = {
  ...answersWith(200, 'A dry run: what the decision would be about', dryRunSchema),
  ...answersWith(202, 'The corrections were decided', decided),
};

const effectView = (provider: number, { corrections, amount }: HeldEffect) => ({
  provider,
  corrections,
  amount: formatMoney(amount),
});

const view = ({ heldAt, saidAt, decidedAt, amount, ...row }: HeldCorrection) => ({
  ...row,
  amount: formatMoney(amount),
  heldAt: heldAt.toISOString(),
  saidAt: saidAt.toISOString(),
  decidedAt: timeOf(decidedAt),
});

/** What the decision would be about; nothing is done. @throws Refusal `not_found`. */
async function dryRun(deps: Deps, c: ApiContext, id: string, { orders }: Decision) {
  const provider = providerId(id);
  idempotencyKey(c.req.header('idempotency-key'));
  const effect = await reading(deps, c, (sql) => heldEffect(sql, provider, orders ?? null));
  if (effect === undefined) throw noProvider();
  return { dryRun: true as const, ...effectView(provider, effect), digest: effect.digest };
}

/** Releases or drops held corrections, once for an Idempotency-Key. @throws Refusal `not_found`. */
async function decide(
  deps: Deps,
  c: ApiContext,
  id: string,
  { dryRun: _, ...body }: Decision,
  state: HeldDecision['state'],
): Promise<z.infer<typeof decided>> {
  const by = byStaff(c.get('caller'));
  const provider = providerId(id);
  const answer = await once(c, deps, {
    request: { id, body },
    effect: async (tx) => {
      const { reason, orders = null } = body;
      const done = await decideHeldCorrections(tx, provider, { state, orders, by, reason });
      if (done === undefined) throw noProvider();
      return effectView(provider, done);
    },
  });
  deps.log.info({ provider, state, corrections: answer.corrections, by }, 'staff decided about held corrections');
  return answer;
}

const list = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/providers/{id}/held-corrections',
    scope: 'admin',
    tags,
    summary: "A provider's held corrections, newest first",
    description: 'Corrections after settlements are held when a provider takes back too much at once.',
    request: {
      params: idParam,
      query: pageQuery({ state: z.enum(HELD_STATES).default('held') }),
    },
    responses: answersWith(200, 'A page of held corrections', page(heldCorrection)),
  },
  async (c, deps) => {
    const { limit, cursor, state } = c.req.valid('query');
    const provider = providerId(c.req.valid('param').id);
    const filter = { state, before: decodeCursor(cursor) };
    const rows = await reading(deps, c, (sql) => listHeldCorrections(sql, provider, filter, limit + 1));
    return c.json(
      pageOf(rows, limit, ({ id }) => id, view),
      200,
    );
  },
);

const release = defineRoute(
  {
    method: 'post',
    path: '/v1/admin/providers/{id}/held-corrections/release',
    scope: 'admin',
    tags,
    summary: "Release a provider's held corrections: the provider means what it says",
    description:
      'The customers get their money within a poll of the provider. From now on the words of the provider are counted anew.',
    idempotency: 'required',
    request,
    responses,
  },
  async (c, deps) => {
    const [{ id }, body] = [c.req.valid('param'), c.req.valid('json')];
    if (body.dryRun) return c.json(await dryRun(deps, c, id, body), 200);
    return c.json(await decide(deps, c, id, body, 'released'), 202);
  },
);

const drop = defineRoute(
  {
    method: 'post',
    path: '/v1/admin/providers/{id}/held-corrections/drop',
    scope: 'admin',
    tags,
    summary: "Drop a provider's held corrections: the provider was mistaken",
    description:
      'The orders stay as they are, also when the provider goes on saying the same. Another word of the provider about them counts again.',
    idempotency: 'required',
    request,
    responses,
  },
  async (c, deps) => {
    const [{ id }, body] = [c.req.valid('param'), c.req.valid('json')];
    if (body.dryRun) return c.json(await dryRun(deps, c, id, body), 200);
    return c.json(await decide(deps, c, id, body, 'dropped'), 202);
  },
);

export const adminHeldCorrectionRoutes = [list, release, drop];
