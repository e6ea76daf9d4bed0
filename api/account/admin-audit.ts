import { z } from '@hono/zod-openapi';
import { type AuditRow, listAudit } from '../../db/account/audit.ts';
import { reading } from '../limits/reads.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, idQuery, page, pageQuery, printableText, timestamp } from '../v1/schemas.ts';

const entry = z
  .object({
    id: z.int(),
    at: z.iso.datetime(),
    key: z.int().nullable().openapi({ description: 'The key of the request; null for an act in the Temporal UI' }),
    actor: z.string().openapi({ example: 'staff: night shift' }),
    action: z.string().openapi({ example: 'POST /v1/admin/accounts/:id/keys' }),
    subject: z.string().openapi({ example: 'accounts/1001/keys' }),
    object: z.int().nullable().openapi({ description: 'The id of the object that was made or changed' }),
    detail: z.unknown().openapi({ description: 'The request, without keys and secrets' }),
    requestId: z.string(),
  })
  .openapi('AuditEntry');

const entryView = ({ id, at, keyId, actor, action, subject, object, detail, requestId }: AuditRow) => ({
  id,
  at: at.toISOString(),
  key: keyId,
  actor,
  action,
  subject,
  object,
  detail,
  requestId,
});

const list = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/audit',
    scope: 'admin',
    tags: ['staff'],
    summary: 'What staff did, newest first',
    request: {
      query: pageQuery({
        key: idQuery.optional(),
        action: printableText(200).optional(),
        subject: printableText(200)
          .optional()
          .openapi({ description: 'This subject and everything below it', example: 'accounts/1001' }),
        from: timestamp.optional(),
        to: timestamp.optional(),
      }),
    },
    responses: answersWith(200, 'A page of entries', page(entry)),
  },
  async (c, deps) => {
    const { limit, cursor, ...filter } = c.req.valid('query');
    const { rows, stoppedAt } = await reading(deps, c, (sql) =>
      listAudit(sql, { ...filter, before: decodeCursor(cursor) }, limit + 1),
    );
    return c.json(
      pageOf(rows, limit, ({ id }) => id, entryView, stoppedAt),
      200,
    );
  },
);

export const adminAuditRoutes = [list];
