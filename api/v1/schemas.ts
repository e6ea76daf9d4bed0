import { z } from '@hono/zod-openapi';
import { ERRORS, type ErrorCode } from '../../domain/errors.ts';
import { parseMoney, parseRate } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import { isIdText } from '../../domain/text/loose-json.ts';
import { CURSOR } from './cursor.ts';
import { LARGEST_ID } from './ids.ts';

/** The fields that the problem of a request and of a line of a list share. */
export const problemParts = {
  title: z.string(),
  detail: z.string(),
  code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
};

const problem = z
  .object({ type: z.string(), status: z.int(), request_id: z.string(), ...problemParts })
  .openapi('Problem');

/** An answer of a success. */
export const answersWith = <S extends 200 | 201 | 202, T extends z.ZodType>(
  status: S,
  description: string,
  schema: T,
) =>
  ({ [status]: { description, content: { 'application/json': { schema } } } }) as Record<
    S,
    { description: string; content: { 'application/json': { schema: T } } }
  >;

export const jsonBody = <T extends z.ZodType>(schema: T) => ({
  required: true,
  content: { 'application/json': { schema } },
});

/** For the document: any route may answer with a problem. */
export const problemAnswer = { description: 'A problem', content: { 'application/problem+json': { schema: problem } } };

/** For the document: printable text without spaces at its ends, and not an empty pair of quotes. */
const IDEMPOTENCY_KEY = { minLength: 1, maxLength: LIMITS.idempotencyKey, pattern: '^(?!""$)[!-~]([ -~]*[!-~])?$' };

export const idempotencyHeader = z.object({
  'idempotency-key': z
    .string()
    .optional()
    .openapi({
      // Optional only for the validator, so that a missing header gets an error code of its own.
      param: { name: 'idempotency-key', in: 'header', required: true },
      ...IDEMPOTENCY_KEY,
      description: `Identifies the request, so that a repeat is recognised; at most ${LIMITS.idempotencyKey} printable characters`,
    }),
});

/** For requests that are safe to repeat even without a key. */
export const optionalIdempotencyHeader = z.object({
  'idempotency-key': z
    .string()
    .optional()
    .openapi({
      param: { name: 'idempotency-key', in: 'header' },
      ...IDEMPOTENCY_KEY,
      description: 'Optional: a repeat does no harm. With the key a repeat gets the first answer.',
    }),
});

/** A whole number from `least` to `most`. */
export const intBetween = (least: number, most: number) => z.int().min(least).max(most);

/** An id in a query string. */
export const idQuery = z.coerce
  .number()
  .pipe(intBetween(1, LARGEST_ID))
  .openapi({ type: 'integer', minimum: 1, maximum: LARGEST_ID });

/** An optional filter in a query string. */
export const yesOrNo = z.enum(['true', 'false']).optional();

export const isYes = (text: z.infer<typeof yesOrNo>): boolean | undefined =>
  text === undefined ? undefined : text === 'true';

/** The id of an order at its provider, as text: most providers use numbers, some use text. */
export const providerOrder = z
  .union([z.string(), z.int().transform(String)])
  .refine(isIdText, 'must be the id of an order at the provider')
  .openapi({
    type: 'string',
    pattern: '^[A-Za-z0-9_-]{1,64}$',
    description: "The order's id at the provider",
  });

/** For the document: no control characters, as ranges that every regular expression engine knows. */
export const NO_CONTROLS = '^[^\\u0000-\\u001f\\u007f-\\u009f]*$';

/** Text without control characters. */
export const printableText = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'must not contain control characters')
    .openapi({ pattern: NO_CONTROLS });

/** The reason that staff must give: they read it in the timeline and in the audit log. */
export const staffReason = printableText(200);

/** The reason that a person gives for a request. */
export const reasonText = printableText(200)
  .or(z.literal(''))
  .openapi({ type: 'string', maxLength: 200, pattern: NO_CONTROLS });

/** A non-negative amount of money as a decimal string. */
export const money = z
  .string()
  .transform((text, context) => {
    const amount = parseMoney(text);
    if (amount !== undefined) return amount;
    context.addIssue('must be a decimal string with at most 8 decimals');
    return z.NEVER;
  })
  .openapi({ type: 'string', pattern: '^[0-9]{1,11}(\\.[0-9]{1,8})?$', example: '12.5' });

/** A rate per 1000 (or per package) as a decimal string. */
export const rate = z
  .string()
  .transform((text, context) => {
    const parsed = parseRate(text);
    if (parsed !== undefined) return parsed;
    context.addIssue('must be a decimal string with at most 5 decimals');
    return z.NEVER;
  })
  .openapi({ type: 'string', pattern: '^[0-9]{1,9}(\\.[0-9]{1,5})?$', example: '0.90' });

/** A timestamp per RFC 3339, with any offset. */
export const timestamp = z
  .string()
  // In a query string an unencoded plus arrives as a space.
  .transform((text) => text.replace(' ', '+'))
  .pipe(z.iso.datetime({ offset: true }))
  .transform((text) => new Date(text))
  // PostgreSQL knows no year 0 and no year of five digits; an offset may lead to either.
  .refine((at) => at.getUTCFullYear() >= 1 && at.getUTCFullYear() <= 9_999, 'must be in the years 1 to 9999 in UTC')
  .openapi({ type: 'string', format: 'date-time' });

/** The query of a list; `more` are its filters. */
export const pageQuery = <T extends z.ZodRawShape>(more: T) =>
  z.strictObject({
    limit: z.coerce.number().int().min(1).max(100).default(20),
    // Checked by decodeCursor, which refuses it with a message of its own.
    cursor: z.string().optional().openapi({
      pattern: CURSOR.source,
      description:
        'nextCursor of the previous page; null on the last page. A page may be short, or empty, before the last',
    }),
    ...more,
  });

export const page = <T extends z.ZodType>(row: T) =>
  z.object({ data: z.array(row), nextCursor: z.string().nullable() });

export const idParam = z.object({ id: z.string().openapi({ type: 'integer', example: 10_001 }) });

export const timeOf = (date: Date | null): string | null => date?.toISOString() ?? null;
