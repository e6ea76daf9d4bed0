import { z } from '@hono/zod-openapi';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { InvalidRequest } from '../http/problems.ts';
import { readId } from './ids.ts';

/** What may be between two ids: people paste them from pages and tables. */
const BETWEEN_IDS = /[\s,;|#]+/;

/** Ids in a query string. `readIds` reads them. */
export const idsQuery = z.union([z.string(), z.array(z.string())]).openapi({
  type: 'string',
  example: '10001,10002',
  description: `Up to ${LIMITS.idsInList} ids, with commas, spaces or line ends between them`,
});

/**
 * The ids in the query string's field `path`, each once.
 * @throws InvalidRequest for text that is no id; Refusal `too_many_ids` above `most`.
 */
export function readIds(
  given: z.output<typeof idsQuery>,
  { path = 'ids', most = LIMITS.idsInList as number }: { readonly path?: string; readonly most?: number } = {},
): number[] {
  const invalid = (message: string) => new InvalidRequest([{ path, message }]);
  const texts = [given].flat().flatMap((text) => text.split(BETWEEN_IDS).filter((part) => part !== ''));
  const wrong = texts.find((text) => readId(text) === undefined);
  if (wrong !== undefined) throw invalid(`${JSON.stringify(wrong.slice(0, 30))} is not an id`);
  if (texts.length === 0) throw invalid('has no id');
  const ids = [...new Set(texts.map(Number))];
  if (ids.length > most) throw new Refusal('too_many_ids', `at most ${most} ids at once; these are ${ids.length}`);
  return ids;
}

/** Several of these values in a query string: repeated, or with commas between them. */
export const someOf = <T extends string>(values: readonly [T, ...T[]]) => {
  const known = { type: 'string' as const, enum: [...values] };
  return z
    .union([z.string(), z.array(z.string())])
    .transform((given, context): T[] => {
      const chosen = new Set([given].flat().flatMap((text) => text.split(',').map((part) => part.trim())));
      if ([...chosen].every((text) => (values as readonly string[]).includes(text))) return [...chosen] as T[];
      context.addIssue({ code: 'custom', message: `must be one of ${values.join(', ')}, or several with commas` });
      return z.NEVER;
    })
    .openapi({ anyOf: [known, { type: 'array', items: known }] });
};
