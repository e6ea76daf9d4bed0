import { z } from '@hono/zod-openapi';
import { ERRORS, type ErrorCode, type Refusal } from '../../domain/errors.ts';
import { problemParts } from '../v1/schemas.ts';

/** A reason for which an order would be refused. */
export const faultSchema = z.object({
  code: problemParts.code,
  path: z.string().nullable().openapi({ description: 'The field of the body; null when it is about no field' }),
  title: z.string(),
  detail: z.string(),
});

/** The fields of the body that the codes are about; `invalid_<field>` names its own. */
const FIELD_OF: Partial<Record<ErrorCode, string>> = {
  unknown_service: 'service',
  unsupported_type: 'service',
  no_route: 'service',
  invalid_link: 'link',
  duplicate_link: 'link',
  invalid_quantity: 'quantity',
  quantity_below_min: 'quantity',
  quantity_above_max: 'quantity',
  quantity_not_multiple: 'quantity',
  price_too_large: 'quantity',
  drip_feed_unavailable: 'dripFeed',
  charge_above_max: 'maxCharge',
};

/** The field of the body that a refusal is about; null when it is about no field. */
export function pathOf({ code, detail = '' }: Pick<Refusal, 'code' | 'detail'>): string | null {
  // The detail begins with the name of the field.
  if (code === 'unexpected_field') return detail.split(':')[0] || null;
  return FIELD_OF[code] ?? (code.startsWith('invalid_') ? code.slice('invalid_'.length) : null);
}

export const faultView = (refusal: Refusal) => ({
  code: refusal.code,
  path: pathOf(refusal),
  title: ERRORS[refusal.code].title,
  detail: refusal.detail ?? ERRORS[refusal.code].title,
});
