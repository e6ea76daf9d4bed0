import { z } from '@hono/zod-openapi';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { linesIn } from '../../domain/placement/lines.ts';
import type { OrderRequest } from '../../domain/placement/order-terms.ts';
import { fieldErrors } from '../http/field-errors.ts';
import { type FieldError, InvalidRequest } from '../http/problems.ts';
import { orderBody, orderRequest } from './order-body.ts';

/** One line of a list of orders as written. `line` counts from 1, and counts empty lines of a text too. */
export interface OrderLine {
  readonly line: number;
  readonly content: unknown;
}

/**
 * The lines of a text: `service|link|quantity`, with `|runs|interval` for a drip-feed; empty lines are skipped. A list that is
 * too long is cut one line above the limit, so that its caller can refuse it.
 */
export const textLines = (text: string): OrderLine[] =>
  linesIn(text.startsWith('\uFEFF') ? text.slice(1) : text, LIMITS.listLines + 1).map(({ number, text: content }) => ({
    line: number,
    // One character above the limit is enough to refuse the line for its length.
    content: content.slice(0, LIMITS.listLine + 1),
  }));

/** The lines are judged one by one, so that a wrong one is refused alone. */
const jsonList = z.strictObject({ lines: z.array(z.unknown()) });

/** The lines of a JSON list, or what is wrong with it. */
export function jsonLines(
  body: unknown,
): { readonly lines: readonly OrderLine[] } | { readonly errors: readonly FieldError[] } {
  const read = jsonList.safeParse(body);
  if (!read.success) return { errors: fieldErrors(read.error) };
  return { lines: read.data.lines.map((content, index) => ({ line: index + 1, content })) };
}

const numberOf = (text: string): number | undefined => (/^\d{1,15}$/.test(text) ? Number(text) : undefined);

/** The order that a line asks for, or a fault that shows without reading the service. */
export type JudgedLine =
  | { readonly request: OrderRequest }
  | { readonly fault: 'invalid_quantity' }
  | { readonly fault: 'invalid_request'; readonly errors: readonly FieldError[] };

const TWO_FORMS: JudgedLine = {
  fault: 'invalid_request',
  errors: [{ path: '', message: 'must be service|link|quantity or service|link|quantity|runs|interval' }],
};

/** Judges a line of text as the same order in JSON. A field that is not a number is left out, and so reported as missing. */
function judgeText(text: string): JudgedLine {
  if (text.length > LIMITS.listLine) return TWO_FORMS;
  const parts = text.split('|', 6).map((part) => part.trim());
  if (parts.length !== 3 && parts.length !== 5) return TWO_FORMS;
  const [service = '', link = '', quantity = '', runs, interval] = parts;
  if (quantity !== '' && numberOf(quantity) === undefined) return { fault: 'invalid_quantity' };
  return judgeBody({
    service: numberOf(service),
    link,
    // A package is ordered without a quantity.
    ...(quantity === '' ? {} : { quantity: numberOf(quantity) }),
    ...(runs === undefined || interval === undefined
      ? {}
      : { dripFeed: { runs: numberOf(runs), intervalMinutes: numberOf(interval) } }),
  });
}

function judgeBody(body: unknown): JudgedLine {
  const read = orderBody.safeParse(body);
  return read.success
    ? { request: orderRequest(read.data) }
    : { fault: 'invalid_request', errors: fieldErrors(read.error) };
}

/** Judges a line without throwing: ten thousand exceptions with their stacks cost more than the rest of the work. */
export const judgeLine = ({ content }: OrderLine): JudgedLine =>
  typeof content === 'string' ? judgeText(content) : judgeBody(content);

/**
 * The order that a line asks for.
 * @throws Refusal for faults that show without reading the service.
 */
export function lineRequest(line: OrderLine): OrderRequest {
  const judged = judgeLine(line);
  if ('request' in judged) return judged.request;
  throw judged.fault === 'invalid_request' ? new InvalidRequest(judged.errors) : new Refusal(judged.fault);
}
