import { z } from '@hono/zod-openapi';
import { listDrift, readProof } from '../../db/ledger/proof.ts';
import { reading } from '../limits/reads.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, timeOf } from '../v1/schemas.ts';

/** Errors in one answer; `npm run verify:ledger` lists all. */
const SHOWN = 100;

const error = z.object({
  check: z.string().openapi({ example: 'wallet balance' }),
  subject: z.string().openapi({ example: 'wallet:1001' }),
  detail: z.string(),
  foundAt: z.iso.datetime(),
});

const proof = z
  .object({
    at: z.iso.datetime().nullable().openapi({ description: 'When the last run ended; null before the first' }),
    tookMs: z.int().nullable(),
    drift: z.int().nullable().openapi({ description: 'Errors that are known; null: not proved yet' }),
    completeAt: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'When all that was new or open was last proved; a long run goes on in the next one' }),
    wholeSince: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'Everything, however old, was proved after this; null before the first time' }),
    errors: z.array(error).openapi({ description: `The first ${SHOWN} errors, the oldest first` }),
  })
  .openapi('LedgerProof');

const read = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/ledger',
    scope: 'admin',
    tags: ['staff'],
    summary: 'What the last proof of the ledger found',
    description: 'The ledger is proved every minute. This reads the stored result and proves nothing.',
    responses: answersWith(200, 'The result of the proof', proof),
  },
  async (c, deps) => {
    const stored = await reading(deps, c, async (sql) => ({
      ...(await readProof(sql)),
      errors: await listDrift(sql, SHOWN),
    }));
    const { at, tookMs, drift, completeAt, wholeSince, errors } = stored;
    return c.json(
      {
        at: timeOf(at),
        tookMs,
        drift,
        completeAt: timeOf(completeAt),
        wholeSince: timeOf(wholeSince),
        errors: errors.map(({ foundAt, ...found }) => ({ ...found, foundAt: foundAt.toISOString() })),
      },
      200,
    );
  },
);

export const adminLedgerRoutes = [read];
