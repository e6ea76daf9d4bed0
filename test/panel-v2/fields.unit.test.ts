import { describe, expect, test } from 'vitest';
import { openCall } from '../../api/panel-v2/fields.ts';
import { askedIds } from '../../api/panel-v2/reads.ts';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { panelCall } from '../support/peers/panel-call.ts';

const FORM = 'application/x-www-form-urlencoded';

async function read(body: string | Uint8Array, type = FORM, query = ''): Promise<Record<string, string> | string> {
  try {
    return Object.fromEntries((await openCall(panelCall(body, type, query))).fields());
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

/** Bytes as percent escapes of a form. */
const escaped = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** `Привет`, `你好`, `こんにちは` and `é` in the charsets of clients. */
const CHARSETS: readonly (readonly [charset: string, bytes: readonly number[], text: string])[] = [
  ['windows-1251', [0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2], 'Привет'],
  ['koi8-r', [0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4], 'Привет'],
  ['GBK', [0xc4, 0xe3, 0xba, 0xc3], '你好'],
  ['gb18030', [0xc4, 0xe3, 0xba, 0xc3], '你好'],
  ['big5', [0xa7, 0x41, 0xa6, 0x6e], '你好'],
  ['Shift_JIS', [0x82, 0xb1, 0x82, 0xf1, 0x82, 0xc9, 0x82, 0xbf, 0x82, 0xcd], 'こんにちは'],
  ['euc-kr', [0xbe, 0xc8, 0xb3, 0xe7], '안녕'],
  ['iso-8859-1', [0xe9], 'é'],
  ['iso-8859-9', [0xfd], 'ı'],
  ['utf-8', [0xc3, 0xa9], 'é'],
];

describe.each(CHARSETS)('a form in %s', (charset, bytes, text) => {
  const raw = Uint8Array.from(bytes);
  test('is read by it, escaped or not, in names and values', async () => {
    const type = `${FORM}; charset=${charset}`;
    expect(await read(`comments=a+${escaped(raw)}&runs=2`, type)).toEqual({ comments: `a ${text}`, runs: '2' });
    const body = Buffer.concat([Buffer.from('username='), raw, Buffer.from('&runs=2')]);
    expect(await read(body, `${FORM};Charset="${charset}"`)).toEqual({ username: text, runs: '2' });
    expect(await read(`${escaped(raw)}=1`, type)).toEqual({ [text]: '1' });
  });

  test('may say so in a field', async () => {
    expect(await read(`comments=${escaped(raw)}&_charset_=${charset}`)).toEqual({ comments: text });
  });

  test('may be multipart, said by a part, by the header or in a field', async () => {
    const part = (name: string, content: Uint8Array, more = '') =>
      Buffer.concat([
        Buffer.from(`--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`),
        content,
        Buffer.from('\r\n'),
      ]);
    const end = Buffer.from('--b--\r\n');
    const type = 'multipart/form-data; boundary=b';
    const own = part('comments', raw, `\r\nContent-Type: text/plain; charset=${charset}`);
    expect(await read(Buffer.concat([own, end]), type)).toEqual({ comments: text });
    const plain = part('comments', raw);
    expect(await read(Buffer.concat([plain, end]), `${type}; charset=${charset}`)).toEqual({ comments: text });
    const field = part('_charset_', Buffer.from(charset));
    expect(await read(Buffer.concat([field, plain, end]), type)).toEqual({ comments: text });
  });
});

describe('a form in UTF-16', () => {
  const wide = (text: string) => Buffer.from(text, 'utf16le');
  test.each([
    ['as it lies there', Buffer.from('key=abc&comments=é中&link=https%3A', 'utf16le'), 'utf-16'],
    ['the other way round', Buffer.from('\ufeffkey=abc&comments=é中&link=https%3A', 'utf16le').swap16(), 'utf-16'],
    [
      'escaped as a whole',
      `${escaped(wide('key'))}=${escaped(wide('abc'))}&${escaped(wide('comments'))}=${escaped(wide('é中'))}&${escaped(wide('link'))}=${escaped(wide('https:'))}`,
      'utf-16le',
    ],
    ['escaped where it is not ASCII', `key=abc&comments=${escaped(wide('é中'))}&link=https%3A`, 'utf-16le'],
  ])('is read %s', async (_, body, charset) => {
    const fields = { key: 'abc', comments: 'é中', link: 'https:' };
    expect(await read(body, `${FORM}; charset=${charset}`)).toEqual(fields);
  });
});

test.each<[string, string | Uint8Array, string, string]>([
  ['bytes of another charset', 'comments=%CF%F0', FORM, ''],
  ['bytes of another charset, not escaped', Uint8Array.of(0x61, 0x3d, 0xcf, 0xf0), FORM, ''],
  ['half a character', 'comments=%C4', `${FORM}; charset=gbk`, ''],
  ['a surrogate as UTF-8', 'comments=%ED%A0%80', FORM, ''],
  ['a name of another charset', '%CF%F0=1', FORM, ''],
  ['half of a character in UTF-16', 'comments=%E9%00%2D', `${FORM}; charset=utf-16le`, ''],
  ['JSON in another charset', Buffer.from('{"comments":"é"}', 'latin1'), 'application/json', ''],
  ['JSON that says another charset', '{"comments":"é"}', 'application/json; charset=windows-1251', ''],
  ['a query in another charset', '', FORM, '?comments=%CF%F0'],
  [
    'multipart in another charset',
    Buffer.from('--b\r\nContent-Disposition: form-data; name="comments"\r\n\r\né\r\n--b--', 'latin1'),
    'multipart/form-data; boundary=b',
    '',
  ],
])('%s is refused, and never read with replacement characters', async (_, body, type, query) => {
  expect(await read(body, type, query)).toBe('invalid_encoding');
});

test.each(['utf-7', 'klingon', 'x-user-defined', 'utf-32'])('the charset %s is refused', async (charset) => {
  expect(await read('comments=a', `${FORM}; charset=${charset}`)).toBe('unknown_charset');
  expect(await read(`comments=a&_charset_=${charset}`)).toBe('unknown_charset');
});

test('JSON of ASCII is read whatever charset its header says', async () => {
  expect(await read('{"runs":2}', 'application/json; charset=ISO-8859-1')).toEqual({ runs: '2' });
});

test.each(['undefined', 'null', 'NULL', 'None', 'nil', 'NaN', '<nil>', '(null)', '"None"', "'null'", ' none ', '""'])(
  '%j is read as absent where it cannot be a value, and as text where it can',
  async (word) => {
    const fields = { runs: word, request_id: word, order: word, posts: word, expiry: word, colour: word };
    const kept = { comments: word.trim(), username: word.trim(), link: word.trim() };
    expect(await read(String(new URLSearchParams({ ...fields, ...kept, quantity: '3' })))).toEqual({
      ...kept,
      quantity: '3',
    });
  },
);

test.each(['three', 'none of them', 'nullx', '0', 'false', '-', 'undefined,1'])(
  '%j is no word for nothing',
  async (runs) => {
    expect(await read(String(new URLSearchParams({ runs })))).toEqual({ runs });
  },
);

test('a list may be written into the field for one, and be repeated', async () => {
  const ids = async (body: string) => askedIds((await openCall(panelCall(body, FORM))).fields(), 'order');
  expect(await ids('order=1')).toEqual({ many: false, asked: ['1'] });
  expect(await ids('order=1,')).toEqual({ many: false, asked: ['1'] });
  for (const body of [
    'order=1,+2',
    'orders=1,2',
    'orders=1&orders=2',
    'orders[]=1&orders[]=2',
    'orders=None&order=1,2',
  ]) {
    expect(await ids(body)).toEqual({ many: true, asked: ['1', '2'] });
  }
  expect(await read('comments=a&comments=b')).toEqual({ comments: 'a\nb' });
});

describe('of a call', () => {
  const most = LIMITS.fields;
  const parts = (count: number) => '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'.repeat(count);
  const MULTIPART = 'multipart/form-data; boundary=b';
  test.each<[string, string, string, string]>([
    ['a form', 'a=1&'.repeat(most), 'a=1&'.repeat(most + 1), FORM],
    ['a list in a form', 'a[]=1&'.repeat(most), 'a[]=1&'.repeat(most + 1), FORM],
    ['multipart', `${parts(most)}--b--`, `${parts(most + 1)}--b--`, MULTIPART],
    ['JSON', `{"a":[${Array(most).fill('1')}]}`, `{"a":[${Array(most + 2).fill('1')}]}`, 'application/json'],
  ])('as many fields are read as are allowed, and no more: %s', async (_, allowed, more, type) => {
    expect(await read(allowed, type)).toHaveProperty('a');
    expect(await read(more, type)).toBe('too_many_fields');
  });

  test('a query has the same bound', async () => {
    expect(await read('', FORM, `?${'a=1&'.repeat(most + 1)}`)).toBe('too_many_fields');
  });

  test('nothing but the names is worked out before it is known whose it is', async () => {
    const call = await openCall(panelCall('comments=%CF%F0&key=mine', FORM));
    expect(call.peek('key')).toBe('mine');
    expect(() => call.fields()).toThrow(Refusal);
  });
});

test.each([
  ['{"a":1e999}', 'malformed_body'],
  ['{"a":12345678901234567890}', 'malformed_body'],
  [`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'malformed_body'],
  ['{"a":'.repeat(50_000), 'malformed_body'],
  ['{"a":{}}', 'malformed_body'],
])('JSON that no form could say is refused', async (body, code) => {
  expect(await read(body, 'application/json')).toBe(code);
});

test('of a name that JSON says twice the last counts, and no name has a meaning of its own', async () => {
  expect(await read('{"runs":1,"runs":2,"__proto__":"x","constructor":"y"}', 'application/json')).toEqual(
    Object.fromEntries([
      ['runs', '2'],
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]),
  );
});
