import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';
import { type Contract, openContract } from '../support/worlds/contract.ts';

/** Section 1.3 of the contract page, row by row: each type's fields, its price, and what its provider gets. */
let contract: Contract;
beforeAll(async () => {
  contract = await openContract();
});
afterAll(async () => {
  expect(await verifyLedger(contract.world.sql)).toEqual([]);
  await contract.close();
});

let links = 0;
const newLink = (script = 'seconds:1'): string => `https://example.com/type/${++links}?sim=${script}`;
const services = new Map<string, Promise<number>>();
function serviceOf(type: string): Promise<number> {
  const known = services.get(type) ?? contract.offer(type, { dripFeed: true });
  services.set(type, known);
  return known;
}

interface Row {
  readonly type: string;
  /** The type's fields beside link. */
  readonly fields: Readonly<Record<string, string>>;
  /** Number of items, for types without a quantity field. */
  readonly counted?: number;
  /** The charge at a rate of 10. */
  readonly charge: string;
  /** Fields whose text differs at the provider: a list is sent without its empty lines. */
  readonly upstream?: Readonly<Record<string, string>>;
  /** The error when each field is missing. */
  readonly without: Readonly<Record<string, string>>;
}
const quantity = '100';
const min = 'neworder.error.min_quantity';
const error = (field: string): string => `neworder.error.${field}`;
const five = 'one\r\ntwo\r\n\r\nthree\nfour\n \nfive 😍, six';
const fiveSent = 'one\ntwo\nthree\nfour\nfive 😍, six';
const ten = Array.from({ length: 10 }, (_, n) => `user${n}`).join('\n');

const ROWS: readonly Row[] = [
  { type: 'Default', fields: { quantity }, charge: '1', without: { quantity: min } },
  { type: 'Package', fields: {}, counted: 1, charge: '10', without: {} },
  {
    type: 'SEO',
    fields: { quantity, keywords: 'red shoes\r\nblue shoes' },
    upstream: { keywords: 'red shoes\nblue shoes' },
    charge: '1',
    without: { quantity: min, keywords: error('keywords') },
  },
  {
    type: 'Custom Comments',
    fields: { comments: five },
    upstream: { comments: fiveSent },
    counted: 5,
    charge: '0.05',
    without: { comments: error('comment') },
  },
  {
    type: 'Mentions',
    fields: { quantity, usernames: 'ann\nbob' },
    charge: '1',
    without: { quantity: min, usernames: error('usernames') },
  },
  {
    type: 'Mentions with Hashtags',
    fields: { quantity, usernames: 'ann\nbob', hashtags: '#one\r\n#two' },
    upstream: { hashtags: '#one\n#two' },
    charge: '1',
    without: { quantity: min, usernames: error('usernames'), hashtags: error('hashtags') },
  },
  {
    type: 'Mentions Custom List',
    fields: { usernames: ten },
    counted: 10,
    charge: '0.1',
    without: { usernames: error('usernames') },
  },
  {
    type: 'Mentions Hashtag',
    fields: { quantity, hashtag: '#summer' },
    charge: '1',
    without: { quantity: min, hashtag: error('hashtag') },
  },
  {
    type: 'Mentions User Followers',
    fields: { quantity, username: 'ann' },
    charge: '1',
    without: { quantity: min, username: error('username') },
  },
  {
    type: 'Mentions Media Likers',
    fields: { quantity, media: 'https://example.com/media/1' },
    charge: '1',
    without: { quantity: min, media: error('media') },
  },
  {
    type: 'Custom Comments Package',
    fields: { comments: five },
    upstream: { comments: fiveSent },
    counted: 1,
    charge: '10',
    without: { comments: error('comment') },
  },
  {
    type: 'Comment Likes',
    fields: { quantity, username: 'Ann Smith' },
    charge: '1',
    without: { quantity: min, username: error('username') },
  },
  {
    type: 'Poll',
    fields: { quantity, answer_number: '2' },
    charge: '1',
    without: { quantity: min, answer_number: error('answer_number') },
  },
  {
    type: 'Comment Replies',
    fields: { username: 'ann', comments: five },
    upstream: { comments: fiveSent },
    counted: 5,
    charge: '0.05',
    without: { username: error('username'), comments: error('comment') },
  },
  {
    type: 'Invites from Groups',
    fields: { quantity, groups: 'https://example.com/g/1\nhttps://example.com/g/2' },
    charge: '1',
    without: { quantity: min, groups: error('groups') },
  },
  {
    type: 'Web Traffic',
    fields: { quantity: '500', country: 'US', device: '1', type_of_traffic: '1', google_keyword: 'red shoes' },
    charge: '5',
    without: {
      quantity: min,
      country: error('country'),
      device: error('device'),
      type_of_traffic: error('type_of_traffic'),
      google_keyword: error('google_keyword'),
    },
  },
];

describe.each(ROWS)('type $type', ({ type, fields, counted, charge, upstream, without }) => {
  test('is placed at its price, and its provider is sent its fields by their names and nothing else', async () => {
    const [service, link] = [String(await serviceOf(type)), newLink('delay:60000')];
    const order = await contract.add({ service, link, ...fields });
    const status = await contract.call({ action: 'status', order: String(order) });
    expect(status).toMatchObject({ charge, remains: String(counted ?? fields.quantity) });
    await expect.poll(() => contract.sent(link), { timeout: 30_000 }).toBeDefined();
    const { action, service: theirs, ...sent } = (await contract.sent(link)) ?? {};
    expect([action, theirs]).toEqual(['add', expect.stringMatching(/^\d+$/)]);
    expect(sent).toEqual({ link, ...fields, ...upstream });
  });

  test('is refused without any of them, and leaves no order', async () => {
    const service = String(await serviceOf(type));
    for (const [field, text] of Object.entries({ link: 'neworder.error.link', ...without })) {
      const link = newLink();
      const answer = await contract.raw({ action: 'add', service, link, ...fields, [field]: '' });
      expect([field, answer]).toEqual([field, JSON.stringify({ error: text })]);
      expect(contract.world.provider.adds(link)).toEqual([]);
    }
  });
});

test('services say the type by its name, and drip-feed where it can be', async () => {
  for (const { type } of ROWS) await serviceOf(type);
  const listed = (await contract.call({ action: 'services' })) as {
    type: string;
    service: number;
    dripfeed: boolean;
  }[];
  for (const { type } of ROWS) {
    const service = await serviceOf(type);
    const dripfeed = type === 'Default' || type === 'Web Traffic';
    expect(listed.find((one) => one.service === service)).toMatchObject({ type, dripfeed });
  }
});

test('comments may come as a JSON array, and as the lists of a PHP client', async () => {
  const service = await serviceOf('Custom Comments');
  const comments = ['one, two', 'three', '', 'four', 'five', 'six'];
  const [json, php] = [newLink(), newLink()];
  const base = { key: contract.key, action: 'add', service: String(service) };
  const form = new URLSearchParams({ ...base, link: php });
  for (const comment of comments) form.append('comments[]', comment);
  const bodies = [JSON.stringify({ ...base, service, link: json, comments }), form];
  for (const body of bodies) {
    const answer = await fetch(`${contract.url}/api/v2`, { method: 'POST', body });
    expect(await answer.json()).toEqual({ order: expect.any(Number) });
  }
  for (const link of [json, php]) {
    await expect
      .poll(async () => (await contract.sent(link))?.comments, { timeout: 30_000 })
      .toBe('one, two\nthree\nfour\nfive\nsix');
  }
});

test('REST v1 takes the same fields, lists as arrays and numbers as numbers', async () => {
  const link = newLink();
  const headers = { authorization: `Bearer ${contract.key}`, 'content-type': 'application/json' };
  const place = async (body: object, key: string) => {
    const request = { method: 'POST', headers: { ...headers, 'idempotency-key': key }, body: JSON.stringify(body) };
    const answer = await fetch(`${contract.url}/v1/orders`, request);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const service = await serviceOf('Poll');
  const placed = await place({ service, link, quantity: 20, answer_number: 2 }, 'poll');
  expect([placed.status, placed.body.price]).toEqual([201, '0.2']);
  await expect.poll(async () => (await contract.sent(link))?.answer_number, { timeout: 30_000 }).toBe('2');
  const comments = ['a', 'b', '', 'c', 'd', 'e'];
  const listed = await place({ service: await serviceOf('Custom Comments'), link: newLink(), comments }, 'list');
  expect(listed.body).toMatchObject({ quantity: 5, price: '0.05' });
  const wrong = await place({ service, link: newLink(), quantity: 20, answer_number: 'b' }, 'wrong');
  expect([wrong.status, wrong.body.code]).toEqual([422, 'invalid_answer_number']);
});

test('what a provider left of a list is sent to the next without what was delivered', async () => {
  const { world } = contract;
  const service = String(await contract.offer('Custom Comments', { routes: contract.routes('Custom Comments', 2) }));
  const link = 'https://example.com/type/rest?sim=seconds:1,private:4:Paused,oncancel:100';
  const comments = Array.from({ length: 12 }, (_, n) => `comment ${n + 1}`);
  const order = await contract.add({ service, link, comments: comments.join('\n') });
  const status = () => contract.call({ action: 'status', order: String(order) });
  await expect.poll(status, { timeout: 30_000 }).toMatchObject({ remains: '8' });
  const asked = { reason: 'the rest elsewhere', action: 'redispatch' };
  const resolve = () => contract.staff(`/orders/${order}/resolve`, asked);
  await expect.poll(resolve, { timeout: 30_000 }).toBe(202);
  await expect.poll(() => world.provider.adds(link).length, { timeout: 30_000 }).toBe(2);
  expect(world.provider.adds(link)[1]?.fields.comments).toBe(comments.slice(4).join('\n'));
});

/** All text in a value, including text in byte arrays. */
function textIn(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (typeof value === 'object' && value !== null) return Object.values(value).map(textIn).join('\n');
  return String(value);
}

test('what an order says never leaves PostgreSQL but for its provider', async () => {
  const { world } = contract;
  const link = newLink();
  const secret = 'nobody else may read this comment';
  const comments = Array(5).fill(secret).join('\n');
  const order = await contract.add({ service: String(await serviceOf('Custom Comments')), link, comments });
  const status = async () => (await contract.call({ action: 'status', order: String(order) })) as { status: string };
  await expect.poll(async () => (await status()).status, { timeout: 30_000 }).toBe('Completed');
  const history = await world.temporal.workflow.getHandle(orderWorkflowId(order)).fetchHistory();
  const kept = textIn(history);
  expect(kept).toContain('"fingerprint"');
  expect(kept).not.toContain(secret);
  const [events] = await world.sql`select json_agg(data)::text as text from events where order_id = ${order}`;
  expect(events?.text).not.toContain(secret);
});
