import { z } from '@hono/zod-openapi';
import { listRequests, type RecentRequest } from '../../db/account/requests.ts';
import { LIMITS } from '../../domain/limits.ts';
import { reading } from '../limits/reads.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, idParam, idQuery, isYes, yesOrNo } from '../v1/schemas.ts';
import { existingAccount } from './admin-accounts.ts';

const request = z
  .object({
    at: z.iso.datetime(),
    key: z.int().openapi({ description: 'The id of the key' }),
    request: z.string().openapi({
      description: 'Method and path without the query; for panel API v2 also the action',
      example: 'POST /v1/orders',
    }),
    status: z.int().openapi({ description: 'The HTTP status; panel API v2 answers errors with 200 too' }),
    code: z
      .string()
      .nullable()
      .openapi({ description: 'The code of the refusal; null when the request was not refused' }),
    ms: z.int().openapi({ description: 'Milliseconds until the answer began' }),
    requestId: z.string().openapi({ description: 'The X-Request-Id of the answer' }),
  })
  .openapi('RecentRequest');

const query = z.strictObject({
  key: idQuery.optional(),
  refused: yesOrNo.openapi({ description: 'Only requests that were refused, or only those that were not' }),
});
type Filter = z.output<typeof query>;

const answers = answersWith(
  200,
  `The latest, at most ${LIMITS.recentRequests} of the last ${LIMITS.recentRequestDays} days`,
  z.object({ data: z.array(request) }).openapi('RecentRequests'),
);

const description =
  'A request appears a few seconds after its answer. Its query, headers and body are not kept. Under heavy load, and when the API process is killed, some are left out. Requests without a valid key, and those of the pages, are not among them.';

function matching(all: readonly RecentRequest[], { key, refused }: Filter): RecentRequest[] {
  const wanted = isYes(refused);
  return all.filter(
    (one) => (key === undefined || one.key === key) && (wanted === undefined || (one.code !== null) === wanted),
  );
}

const own = defineRoute(
  {
    method: 'get',
    path: '/v1/requests',
    scope: 'keys:manage',
    tags: ['keys'],
    summary: 'The latest requests of all your keys, newest first',
    description,
    request: { query },
    responses: answers,
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    const all = await reading(deps, c, (sql) => listRequests(sql, accountId));
    return c.json({ data: matching(all, c.req.valid('query')) }, 200);
  },
);

const ofAccount = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/accounts/{id}/requests',
    scope: 'admin',
    tags: ['staff'],
    summary: 'The latest requests of an account, newest first',
    description,
    request: { params: idParam, query },
    responses: answers,
  },
  async (c, deps) => {
    const { id } = c.req.valid('param');
    const all = await reading(deps, c, async (sql) => listRequests(sql, await existingAccount(sql, id)));
    return c.json({ data: matching(all, c.req.valid('query')) }, 200);
  },
);

export const requestRoutes = [own, ofAccount];
