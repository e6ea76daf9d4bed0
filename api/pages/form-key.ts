import { randomUUID } from 'node:crypto';
import type { V1Problem } from './v1.ts';

/** Refusals after which the same form may still be carried out: a repeat with its key does nothing twice. */
const UNDECIDED = new Set(['outcome_unknown', 'unavailable', 'rate_limited', 'too_many_reads', 'internal']);

/** The Idempotency-Key of a form that is shown again after a refusal. A form that was decided gets a new one. */
export const keyAfter = (key: string, { code }: V1Problem): string => (UNDECIDED.has(code) ? key : randomUUID());
