import { randomUUID } from 'node:crypto';
import { textOf } from './page.ts';
import type { V1Problem } from './v1.ts';

/** Refusals after which the form may be carried out, or an earlier try of it was: a repeat with its key does nothing twice. */
const UNDECIDED = new Set([
  'outcome_unknown',
  'unavailable',
  'overloaded',
  'rate_limited',
  'too_many_reads',
  'internal',
]);

/** The Idempotency-Key of a form that is shown again after a refusal. A form that was decided gets a new one. */
export const keyAfter = (key: string, { code }: V1Problem): string => (UNDECIDED.has(code) ? key : randomUUID());

/** A form that was refused: what was typed, what is wrong with each field, and the key with which it is sent again. */
export interface RefusedForm {
  readonly form: FormData;
  readonly errors: Readonly<Record<string, string>>;
  readonly key: string;
}

/** What a page shows of a form that v1 refused. */
export const refusedBy = (form: FormData, error: V1Problem): RefusedForm => ({
  form,
  errors: Object.fromEntries(error.errors.map(({ path, message }) => [path, message])),
  key: keyAfter(textOf(form, 'key'), error),
});

/** The refused form of a page, if it is the one for `what`. */
export const refusedIn = (refused: RefusedForm | undefined, what: string): RefusedForm | undefined =>
  refused !== undefined && textOf(refused.form, 'do') === what ? refused : undefined;

/** What was typed into a field of a refused form; else its usual value. */
export const typedOr = (refused: RefusedForm | undefined, name: string, usual = ''): string =>
  refused === undefined ? usual : textOf(refused.form, name);

/** The status of a page with a form that v1 refused: what is wrong is in the form, or it is what the form is about. */
export const statusAfter = ({ status }: V1Problem): 409 | 422 => (status === 422 ? 422 : 409);
