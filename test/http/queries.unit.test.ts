import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readIds, someOf } from '../../api/v1/queries.ts';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';

const refusalOf = (given: string | string[]) => {
  try {
    return readIds(given);
  } catch (error) {
    return error instanceof Refusal ? [error.code, error.detail] : error;
  }
};
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

describe('a list of ids', () => {
  it.each(['1,2,3', ' 1, 2 ,3,', '1 2\n3', '1\r\n2\r\n3', '1;2|3', '#1 #2 #3', '1\t2\t3\t1'])(
    'is read from %j',
    (text) => {
      expect(readIds(text)).toEqual([1, 2, 3]);
    },
  );

  it('may be repeated in the query, and names each id once', () => {
    expect(readIds(['1,2', '2,3'])).toEqual([1, 2, 3]);
    expect(readIds(numbers(LIMITS.idsInList).concat(1).join())).toHaveLength(LIMITS.idsInList);
  });

  it('is refused as a whole when it is too long, or when a part is no id', () => {
    expect(refusalOf(numbers(10_000).join('\n'))).toEqual(['too_many_ids', 'at most 300 ids at once; these are 10000']);
    for (const text of ['1,x', '0', '-1', '1.5', '1,99999999999999999', '', ' , '])
      expect([text, (refusalOf(text) as unknown[])[0]]).toEqual([text, 'invalid_request']);
  });
});

it('several values are repeated or have commas between them, and a wrong one names the right ones', () => {
  const schema = z.object({ status: someOf(['Pending', 'In progress']) });
  for (const status of ['In progress', 'Pending, In progress', ['Pending', 'In progress', 'Pending']]) {
    expect(schema.parse({ status }).status.at(-1)).toBe('In progress');
  }
  const { error } = schema.safeParse({ status: 'Pending,Done' });
  expect(error?.issues.map(({ message }) => message)).toEqual([
    'must be one of Pending, In progress, or several with commas',
  ]);
});
