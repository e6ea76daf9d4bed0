/** Text that a stranger may send instead of what is expected: one of these units, repeated. */
const UNITS = [
  ...[
    'a',
    '0',
    '9',
    ' ',
    '\t',
    '\n',
    '\r',
    '\r\n',
    '\0',
    '.',
    '-',
    '/',
    '\\',
    '"',
    "'",
    ',',
    ';',
    ':',
    '|',
    '=',
    '&',
    '%',
    '+',
    '_',
  ],
  ...['[', '{', '[]', '{}', '[[', '{"a":', '[{"a":', '0,', '"a",', '[],', '{},', 'null,', '"\\u0000",', '1e9,'],
  ...['a[]=&', 'a=1&', 'orders[]=1&', '=&', '%41', '%zz', '%E9', '%C3%A9', 'comments=a&', 'key=a&', '_charset_=x&'],
  ...['T', 'T0', 'Z', '+00:00', 'T00:00Z', '1T', '00', '0.', '1e', '--', '..', '0 ', ' 0', '1,', ',1', ', ', '1/'],
  ...[
    'link ',
    'link is ',
    'service is ',
    'incorrect ',
    'more than ',
    'neworder.error.',
    'active order ',
    'not enough ',
  ],
  ...[
    '\r\n--',
    '\r\n--x',
    '--x\r\n',
    '\r\n\r\n',
    '; name="',
    'https://',
    'www.',
    '//',
    '/?',
    '#',
    '@',
    'é',
    '😍',
    '\ud800',
    '\u202e',
    '\ufeff',
  ],
  ...['undefined', 'None', '1|a|1\n', '|\n', '1|https://a.b/c|1\n'],
] as const;

export interface Shape {
  readonly name: string;
  /** A text that fills `bytes` bytes of UTF-8, or nearly. */
  readonly of: (bytes: number) => string;
}

const repeated = (unit: string, bytes: number): string =>
  unit.repeat(Math.floor(Math.max(bytes, 0) / Buffer.byteLength(unit)));

/** Each unit repeated, with an end that matches no pattern: a pattern that fails at every position is the most expensive. */
export const plainShapes: readonly Shape[] = UNITS.map((unit) => ({
  name: `${JSON.stringify(unit)} × n, then !`,
  of: (bytes) => `${repeated(unit, bytes - 1)}!`,
}));

/** The plain shapes as a string inside JSON. */
export const jsonText = (before: string, after: string): Shape[] =>
  plainShapes.map(({ name, of }) => ({
    name: `${before}…${after} of ${name}`,
    of: (bytes) => {
      const room = bytes - before.length - after.length - 2;
      // Escaped text can be up to six times as long: cut it when it does not fit.
      const text = JSON.stringify(of(room));
      return before + (Buffer.byteLength(text) <= room + 2 ? text : JSON.stringify(of(Math.floor(room / 6)))) + after;
    },
  }));

const items = (before: string, after: string, item: (index: number) => string) => (bytes: number) => {
  const parts: string[] = [];
  let room = bytes - before.length - after.length;
  for (let index = 0; ; index += 1) {
    const part = item(index);
    room -= part.length + 1;
    if (room < 0) return before + parts.join(',') + after;
    parts.push(part);
  }
};

/** Lists and objects of very many small items. */
export const jsonShapes = (before = '', after = ''): Shape[] => [
  { name: `${before}numbers`, of: items(`${before}[`, `]${after}`, () => '0') },
  { name: `${before}lists`, of: items(`${before}[`, `]${after}`, () => '[]') },
  { name: `${before}objects`, of: items(`${before}[`, `]${after}`, (at) => `{"order":${at},"status":"Completed"}`) },
  { name: `${before}names`, of: items(`${before}{`, `}${after}`, (at) => `"n${at}":0`) },
  { name: `${before}numbers as names`, of: items(`${before}{`, `}${after}`, (at) => `"${at * 7}":{}`) },
  { name: `${before}one name`, of: items(`${before}{`, `}${after}`, () => '"a":{"a":1}') },
  { name: `${before}__proto__`, of: items(`${before}{`, `}${after}`, () => '"__proto__":{"error":"a"}') },
  {
    name: `${before}one long number`,
    of: (bytes) => `${before}${'9'.repeat(bytes - before.length - after.length)}${after}`,
  },
  {
    name: `${before}nested lists`,
    of: (bytes) => {
      const depth = Math.floor((bytes - before.length - after.length) / 2);
      return before + '['.repeat(depth) + ']'.repeat(depth) + after;
    },
  },
  {
    name: `${before}nested objects`,
    of: (bytes) => {
      const depth = Math.floor((bytes - before.length - after.length) / 6);
      return `${before}${'{"a":'.repeat(depth)}0${'}'.repeat(depth)}${after}`;
    },
  },
];
