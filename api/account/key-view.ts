import { z } from '@hono/zod-openapi';
import type { KeyRow } from '../../db/account/account-keys.ts';
import { timeOf } from '../v1/schemas.ts';

const time = z.iso.datetime().nullable();

/** A key without its secret. */
export const keySchema = z
  .object({
    id: z.int(),
    account: z.int(),
    prefix: z
      .string()
      .openapi({ description: 'The first characters of the key after hf_; no more of the key is stored readable' }),
    name: z.string(),
    scopes: z.array(z.string()),
    createdAt: z.iso.datetime(),
    lastUsedAt: time.openapi({ description: 'When the key was used last, to the minute' }),
    expiresAt: time,
    revokedAt: time,
    madeBy: z.int().nullable().openapi({ description: 'The key with which its customer made it; null when staff did' }),
  })
  .openapi('Key');

export const keyView = ({ createdAt, lastUsedAt, expiresAt, revokedAt, ...row }: KeyRow) => ({
  ...row,
  createdAt: createdAt.toISOString(),
  lastUsedAt: timeOf(lastUsedAt),
  expiresAt: timeOf(expiresAt),
  revokedAt: timeOf(revokedAt),
});
