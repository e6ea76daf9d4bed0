import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Contract, openContract } from '../support/worlds/contract.ts';

/** What real clients send: words that mean "empty", lists in a field for one id, and text in other charsets. */
let contract: Contract;
const services: Record<string, string> = {};
beforeAll(async () => {
  contract = await openContract();
  for (const type of [
    'Default',
    'Package',
    'Custom Comments',
    'Mentions User Followers',
    'Web Traffic',
    'Subscriptions',
  ]) {
    services[type] = String(await contract.offer(type, type === 'Subscriptions' ? { unlimitedPosts: 10 } : {}));
  }
});
afterAll(() => contract.close());

let links = 0;
const newLink = (): string => `https://example.com/client/${++links}?sim=seconds:1`;
const claims = async (): Promise<unknown> =>
  (await contract.world.sql`select count(*)::integer as n from claims`)[0]?.n;

/** Fields that only orders of other types use. */
const UNUSED = ['runs', 'interval', 'posts', 'old_posts', 'delay', 'min', 'max', 'expiry', 'answer_number', 'device'];
const ALSO = ['comments', 'username', 'usernames', 'hashtag', 'hashtags', 'media', 'groups', 'keywords', 'request_id'];
const unused = (word: string, but: readonly string[] = []): Record<string, string> =>
  Object.fromEntries([...UNUSED, ...ALSO].filter((name) => !but.includes(name)).map((name) => [name, word]));

const send = async (query: string, init: RequestInit): Promise<unknown> =>
  (await fetch(`${contract.url}/api/v2${query}`, init)).json();
const multipart = (fields: Readonly<Record<string, string>>): FormData => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return body;
};

describe.each(['undefined', 'None', 'null', 'NULL', 'nil', 'NaN', '"None"', '<nil>'])('%s', (word) => {
  const order = () => ({
    ...unused(word),
    key: contract.key,
    action: 'add',
    service: services.Default ?? '',
    link: newLink(),
    quantity: '100',
  });
  test.each<[string, (fields: Record<string, string>) => Promise<unknown>]>([
    ['a form', (fields) => send('', { method: 'POST', body: new URLSearchParams(fields) })],
    ['a query', (fields) => send(`?${new URLSearchParams(fields)}`, {})],
    ['multipart', (fields) => send('', { method: 'POST', body: multipart(fields) })],
    ['JSON', (fields) => send('', { method: 'POST', body: JSON.stringify(fields) })],
  ])('in every field that is not used is no reason to refuse an order sent as %s', async (_, how) => {
    expect(await how(order())).toEqual({ order: expect.any(Number) });
    // As a request_id, the word would make this order a repeat of the first.
    expect(await how(order())).toEqual({ order: expect.any(Number) });
  });

  test('is no quantity: a package has its own, and any other order must say one', async () => {
    const { quantity: _, ...fields } = order();
    expect(await contract.call({ ...fields, service: services.Package ?? '', quantity: word })).toEqual({
      order: expect.any(Number),
    });
    expect(await contract.call({ ...fields, quantity: word })).toEqual({ error: 'neworder.error.min_quantity' });
  });

  test('is what a customer says where it may be: a comment, a name', async () => {
    const comments = newLink();
    const five = [word, 'two', 'three', 'four', word].join('\n');
    const base = { ...unused(word, ['comments']), action: 'add', quantity: word };
    await contract.add({ ...base, service: services['Custom Comments'] ?? '', link: comments, comments: five });
    const named = newLink();
    const fields = { ...unused(word, ['username']), action: 'add', quantity: '100', username: word };
    await contract.add({ ...fields, service: services['Mentions User Followers'] ?? '', link: named });
    await expect.poll(async () => (await contract.sent(comments))?.comments, { timeout: 30_000 }).toBe(five);
    await expect.poll(async () => (await contract.sent(named))?.username, { timeout: 30_000 }).toBe(word);
  });

  test('is no link of a subscription, and no keyword of traffic that comes from elsewhere', async () => {
    const name = `someone${++links}`;
    const subscription = {
      username: name,
      min: '100',
      max: '200',
      delay: '0',
      posts: word,
      old_posts: word,
      expiry: word,
    };
    const base = { action: 'add', link: word, quantity: word, runs: word };
    await contract.add({ ...base, service: services.Subscriptions ?? '', ...subscription });
    const traffic = { country: 'US', device: '1', type_of_traffic: '3', google_keyword: word, referring_url: word };
    const link = newLink();
    await contract.add({ ...base, service: services['Web Traffic'] ?? '', ...traffic, link, quantity: '500' });
    await expect.poll(() => contract.sent(link), { timeout: 30_000 }).toBeDefined();
    expect(await contract.sent(link)).not.toHaveProperty('google_keyword');
  });
});

test.each([
  [{ runs: 'three' }, 'neworder.error.runs'],
  [{ runs: 'nullx' }, 'neworder.error.runs'],
  [{ interval: 'x', runs: '2' }, 'neworder.error.interval'],
  [{ quantity: 'many' }, 'neworder.error.min_quantity'],
  [{ link: 'None' }, 'neworder.error.link'],
  [{ colour: 'red' }, 'Incorrect request'],
  [{ comments: 'nobody asked' }, 'Incorrect request'],
])('what is no word for nothing is refused: %j', async (more, error) => {
  const before = await claims();
  const fields = { action: 'add', service: services.Default ?? '', link: newLink(), quantity: '100' };
  expect(await contract.call({ ...fields, ...more })).toEqual({ error });
  expect(await claims()).toBe(before);
});

describe('two ids in the field for one', () => {
  let one: number;
  let other: number;
  beforeAll(async () => {
    const add = () => contract.add({ service: services.Default ?? '', link: newLink(), quantity: '100' });
    [one, other] = [await add(), await add()];
  });

  test('are both answered, by id, as in the field for many', async () => {
    for (const order of [`${one},${other}`, `${one}, ${other},`]) {
      const answer = await contract.call({ action: 'status', order });
      expect(Object.keys(answer as object)).toEqual([String(one), String(other)]);
      expect(Object.values(answer as object)).toEqual(Array(2).fill(expect.objectContaining({ currency: 'USD' })));
    }
    expect(await contract.call({ action: 'status', order: `${one},7`, orders: 'None' })).toEqual({
      [one]: expect.objectContaining({ currency: 'USD' }),
      7: { error: 'Incorrect order ID' },
    });
    expect(await contract.call({ action: 'status', order: `${one},` })).toHaveProperty('currency', 'USD');
  });

  test('are both canceled, both refilled, and both refills are answered', async () => {
    const order = `${one},${other}`;
    const rows = (name: string) => [one, other].map((id) => ({ order: id, [name]: expect.anything() }));
    await vi.waitFor(async () => expect(await contract.call({ action: 'cancel', order })).toEqual(rows('cancel')), {
      timeout: 30_000,
    });
    expect(await contract.call({ action: 'refill', order })).toEqual(rows('refill'));
    expect(await contract.call({ action: 'refill_status', refill: '7,8' })).toEqual([
      { refill: 7, status: { error: 'Refill not found' } },
      { refill: 8, status: { error: 'Refill not found' } },
    ]);
  });
});

test('services are answered whatever is sent beside the action', async () => {
  const listed = await contract.call({ action: 'services' });
  const base = { key: contract.key, action: 'services' };
  const more = { ...unused('undefined'), link: 'null', service: 'undefined', category: 'all' };
  const answers = [
    await send(`?${new URLSearchParams({ ...base, ...more })}`, {}),
    await send(`?${new URLSearchParams(base)}`, { method: 'POST' }),
    await send('', { method: 'POST', body: new URLSearchParams({ ...base, ...more }) }),
    await send('', { method: 'POST', body: JSON.stringify({ ...base, params: {}, filters: { type: null } }) }),
    await send('?action=services', { headers: { authorization: `Bearer ${contract.key}` } }),
  ];
  for (const answer of answers) expect(answer).toEqual(listed);
});

describe('comments in another charset than UTF-8', () => {
  const russian = Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]);
  const base = (link: string) =>
    new URLSearchParams({ key: contract.key, action: 'add', service: services['Custom Comments'] ?? '', link });
  /** Five lines, the first one in the charset. */
  const form = (link: string, word: Buffer, inEscapes: boolean): Buffer => {
    const escaped = Buffer.from([...word].map((byte) => `%${byte.toString(16)}`).join(''));
    return Buffer.concat([
      Buffer.from(`${base(link)}&comments=`),
      inEscapes ? escaped : word,
      Buffer.from('%0Ab%0Ac%0Ad%0Ae'),
    ]);
  };
  const post = (body: Buffer, charset: string) => {
    const type = `application/x-www-form-urlencoded${charset === '' ? '' : `; charset=${charset}`}`;
    return send('', { method: 'POST', body: new Uint8Array(body), headers: { 'content-type': type } });
  };

  test.each([
    ['windows-1251', russian, 'Привет'],
    ['gbk', Buffer.from([0xc4, 0xe3, 0xba, 0xc3]), '你好'],
    ['shift_jis', Buffer.from([0x82, 0xb1, 0x82, 0xf1]), 'こん'],
    ['iso-8859-1', Buffer.from([0xe9, 0x74, 0xe9]), 'été'],
    ['utf-8', Buffer.from('😍'), '😍'],
  ])('are delivered as they were written when the request says so: %s', async (charset, word, text) => {
    for (const inEscapes of [true, false]) {
      const link = newLink();
      expect(await post(form(link, word, inEscapes), charset)).toEqual({ order: expect.any(Number) });
      await expect
        .poll(async () => (await contract.sent(link))?.comments, { timeout: 30_000 })
        .toBe(`${text}\nb\nc\nd\ne`);
    }
  });

  test.each([
    ['', 'Incorrect request: text is not valid in its charset'],
    ['utf-8', 'Incorrect request: text is not valid in its charset'],
    ['shift_jis', 'Incorrect request: text is not valid in its charset'],
    ['klingon', 'Incorrect request: unknown charset'],
  ])('are refused when the request does not, or says one that they are not in (%s)', async (charset, error) => {
    const before = await claims();
    for (const inEscapes of [true, false]) {
      expect(
        await post(form(newLink(), Buffer.concat([russian, Buffer.from([0xff, 0x0a])]), inEscapes), charset),
      ).toEqual({ error });
    }
    expect(await claims()).toBe(before);
  });
});
