import { expect, it } from 'vitest';
import { orderBody, orderRequest } from '../../api/placement/order-body.ts';
import { metadataFaults, sortedMetadata } from '../../domain/placement/metadata.ts';

const keys = (count: number, length = 3) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [String(n).padStart(length, 'k'), 'v'.repeat(500)]));

it('metadata is up to 20 keys with text, of 40 and 500 characters', () => {
  expect(metadataFaults({})).toEqual([]);
  expect(metadataFaults(keys(20, 40))).toEqual([]);
  expect(metadataFaults({ empty: '' })).toEqual([]);
});

it.each<[string, unknown, string]>([
  ['21 keys', keys(21), 'must have at most 20 keys'],
  ['a key of 41 characters', keys(1, 41), 'the key must have 1 to 40 characters'],
  ['an empty key', { '': 'x' }, 'the key must have 1 to 40 characters'],
  ['a key with a line feed', { 'a\nb': 'x' }, 'the key must not contain control characters'],
  ['a value of 501 characters', { a: 'x'.repeat(501) }, 'must have at most 500 characters'],
  ['a value that is not text', { a: 1 }, 'must be text'],
  ['a value that cannot be stored', { a: '\ud800' }, 'must not contain control characters'],
  ['a list', ['a'], 'must be an object of text'],
  ['nothing', null, 'must be an object of text'],
])('%s is refused', (_, value, message) => {
  expect(metadataFaults(value).map((fault) => fault.message)).toEqual([message]);
});

it('no key is lost on the way, and the wrong one is named', () => {
  const body = (metadata: string) => JSON.parse(`{"service": 1, "metadata": ${metadata}}`);
  const request = orderRequest(orderBody.parse(body('{"b": "2", "__proto__": "1"}')));
  expect(Object.entries(sortedMetadata(request.metadata ?? {}))).toEqual([
    ['__proto__', '1'],
    ['b', '2'],
  ]);
  const { error } = orderBody.safeParse(body('{"__proto__": 1}'));
  expect(error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([
    ['metadata.__proto__', 'must be text'],
  ]);
});
