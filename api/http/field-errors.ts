import type { z } from '@hono/zod-openapi';
import { LIMITS } from '../../domain/limits.ts';
import type { FieldError } from './problems.ts';

/** The first faults that a schema finds, LIMITS.errorsShown at most: every line of a long list may be wrong. */
export const fieldErrors = ({ issues }: z.core.$ZodError): FieldError[] =>
  issues.slice(0, LIMITS.errorsShown).map(({ path, message }) => ({
    path: shortened(path.map(String).join('.')),
    message: shortened(message),
  }));

const LONGEST_MESSAGE = 500;
/** Text of a caller in a message. */
export const shortened = (text: string): string =>
  text.length <= LONGEST_MESSAGE ? text : `${text.slice(0, LONGEST_MESSAGE)}…`.replace(/[\ud800-\udbff]…$/, '…');
