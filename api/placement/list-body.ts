import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { readJson } from '../../domain/text/json-text.ts';
import { decodeJson, decodeText, mediaType } from '../http/charset.ts';
import type { ApiContext } from '../http/context.ts';
import { bodyBytes } from '../http/json-body.ts';
import { InvalidRequest } from '../http/problems.ts';
import { jsonLines, type OrderLine, textLines } from './order-lines.ts';

/** Plain JSON schema, for the API's document only: Zod would refuse the whole list for one wrong line. `judgeLine` checks each line. */
export const listBody = {
  required: true,
  content: {
    'application/json': {
      schema: {
        type: 'object' as const,
        required: ['lines'],
        properties: {
          lines: {
            type: 'array' as const,
            minItems: 1,
            maxItems: LIMITS.listLines,
            items: {
              anyOf: [
                { $ref: '#/components/schemas/NewOrder' },
                { type: 'string' as const, description: 'The order as a line of text' },
                { description: 'Any other item is refused alone, like a wrong line' },
              ],
            },
          },
        },
        additionalProperties: false,
      },
    },
    'text/plain': {
      schema: {
        type: 'string' as const,
        minLength: 1,
        // At least one line that is not empty.
        pattern: '\\S',
        example: '1|https://example.com/p/1|1000\n1|https://example.com/p/2|500|3|60',
      },
    },
  },
};

/** @throws Refusal when the body holds no list. */
async function readLines(c: ApiContext): Promise<readonly OrderLine[]> {
  const said = c.req.header('content-type') ?? '';
  const type = mediaType(said);
  if (type === 'text/plain') return textLines(decodeText(await bodyBytes(c), said));
  if (type !== 'application/json') throw new Refusal('unsupported_media_type');
  const text = decodeJson(await bodyBytes(c), said);
  const read = readJson(text, { depth: LIMITS.jsonDepth, items: LIMITS.listItems });
  if ('fault' in read) throw new Refusal(read.fault === 'too_many' ? 'too_many_fields' : 'malformed_body');
  const list = jsonLines(read.value);
  if ('errors' in list) throw new InvalidRequest(list.errors);
  return list.lines;
}

/**
 * The lines of a list of orders in the body.
 * @throws Refusal when the body holds no list; InvalidRequest for an empty list, and for one with too many lines.
 */
export async function readList(c: ApiContext): Promise<readonly OrderLine[]> {
  const lines = await readLines(c);
  if (lines.length === 0) throw new InvalidRequest([{ path: 'lines', message: 'must have at least one line' }]);
  if (lines.length > LIMITS.listLines) {
    throw new InvalidRequest([{ path: 'lines', message: `must have at most ${LIMITS.listLines} lines` }]);
  }
  return lines;
}
