import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countedIn,
  judgeReadFields,
  type PostLimits,
  readFieldsOf,
  SERVICE_TYPES,
  type ServiceType,
  upstreamOrder,
} from '../../domain/catalogue/service-types.ts';
import { type ErrorCode, Refusal } from '../../domain/errors.ts';
import { formatMoney, parseRate, type Rate } from '../../domain/ledger/money.ts';
import { linesOf } from '../../domain/placement/order-fields.ts';
import { type OrderRequest, orderTerms, type ServiceTerms } from '../../domain/placement/order-terms.ts';

const terms = (type: string, more: Partial<ServiceTerms> = {}): ServiceTerms => ({
  type,
  rate: parseRate('10') as Rate,
  min: 2,
  max: 100,
  unlimitedPosts: type === 'Subscriptions' ? 40 : null,
  dripFeed: true,
  linkPattern: null,
  active: true,
  openRoutes: [{ min: null, max: null }],
  ...more,
});
const link = 'https://example.com/p/1';
const subscription = { username: 'ann', min: '10', max: '20', posts: '3', delay: '0' };
const traffic = { country: 'US', device: '1', type_of_traffic: '3' };

/** The smallest valid order of each type. */
const ORDERS: Readonly<Record<ServiceType, Omit<OrderRequest, 'service'>>> = {
  Default: { link, quantity: 10 },
  Package: { link },
  SEO: { link, quantity: 10, fields: { keywords: 'shoes' } },
  'Custom Comments': { link, fields: { comments: 'a\nb' } },
  Mentions: { link, quantity: 10, fields: { usernames: 'ann\nbob' } },
  'Mentions with Hashtags': { link, quantity: 10, fields: { usernames: 'ann', hashtags: '#a' } },
  'Mentions Custom List': { link, fields: { usernames: 'ann\nbob' } },
  'Mentions Hashtag': { link, quantity: 10, fields: { hashtag: '#a' } },
  'Mentions User Followers': { link, quantity: 10, fields: { username: 'ann' } },
  'Mentions Media Likers': { link, quantity: 10, fields: { media: link } },
  'Custom Comments Package': { link, fields: { comments: 'a' } },
  'Comment Likes': { link, quantity: 10, fields: { username: 'Ann Smith' } },
  Poll: { link, quantity: 10, fields: { answer_number: '2' } },
  'Comment Replies': { link, fields: { username: 'ann', comments: 'a\nb' } },
  'Invites from Groups': { link, quantity: 10, fields: { groups: 'one' } },
  Subscriptions: { fields: subscription },
  'Web Traffic': { link, quantity: 10, fields: traffic },
};
const types = Object.keys(ORDERS) as ServiceType[];
const limits: Partial<Record<ServiceType, Partial<ServiceTerms>>> = { Subscriptions: { min: 10, max: 20 } };

const placed = (type: ServiceType, more: Partial<OrderRequest> = {}) =>
  orderTerms({ service: 1, ...ORDERS[type], ...more }, terms(type, limits[type]));

function refusal(type: ServiceType, more: Partial<OrderRequest>): ErrorCode | 'no refusal' {
  try {
    placed(type, more);
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return 'no refusal';
}
const withField = (type: ServiceType, name: string, value: string): Partial<OrderRequest> => ({
  fields: { ...ORDERS[type].fields, [name]: value },
});

describe.each(types)('an order of type %s', (type) => {
  it('is taken with what the type needs, and keeps it', () => {
    const { fields, link: target } = placed(type);
    expect(fields).toEqual(ORDERS[type].fields ?? {});
    expect(target).toBe(ORDERS[type].link ?? 'ann');
  });

  it('is refused without any one of them, empty or white', () => {
    for (const name of SERVICE_TYPES[type].needs) {
      for (const nothing of ['', ' \r\n\t ']) {
        expect([name, refusal(type, withField(type, name, nothing))]).toEqual([name, `invalid_${name}`]);
      }
    }
  });

  it('may have the fields of other types empty or 0, as clients send them, and nothing else', () => {
    const others = { comments: '', posts: '0', old_posts: '', answer_number: '0', groups: ' ' };
    const fields = { ...others, ...ORDERS[type].fields };
    expect(placed(type, { fields }).fields).toEqual(ORDERS[type].fields ?? {});
    expect(refusal(type, withField(type, 'colour', 'red'))).toBe('unexpected_field');
  });

  it('has a drip-feed only where runs and interval are its fields', () => {
    const dripFeed = { runs: 2, intervalMinutes: 5 };
    const expected = type === 'Default' || type === 'Web Traffic' ? 'no refusal' : 'drip_feed_unavailable';
    expect(refusal(type, { dripFeed })).toBe(expected);
  });
});

describe('a quantity', () => {
  it.each<[ServiceType, number]>([
    ['Default', 10],
    ['Package', 1],
    ['Custom Comments', 2],
    ['Mentions Custom List', 2],
    ['Custom Comments Package', 1],
    ['Comment Replies', 2],
    ['Subscriptions', 3],
  ])('of type %s is %i', (type, quantity) => {
    expect(placed(type).quantity).toBe(quantity);
  });

  it('that the type has itself may be said, or be 0 or 1; another is refused', () => {
    for (const quantity of [0, 1, 2]) expect(placed('Custom Comments', { quantity }).quantity).toBe(2);
    expect(refusal('Custom Comments', { quantity: 3 })).toBe('unexpected_field');
    expect(refusal('Package', { quantity: 0 })).toBe('no refusal');
    expect(refusal('Package', { quantity: 2 })).toBe('unexpected_field');
  });

  it('that is counted is held to the limits of the service', () => {
    expect(refusal('Custom Comments', { fields: { comments: 'one' } })).toBe('quantity_below_min');
    expect(refusal('Custom Comments', { fields: { comments: 'a\n'.repeat(101) } })).toBe('quantity_above_max');
    expect(refusal('Mentions Custom List', { fields: { usernames: 'a\r\n'.repeat(100) } })).toBe('no refusal');
  });

  it('counts the lines that are not empty, whatever ends them', () => {
    const { quantity, fields } = placed('Custom Comments', {
      fields: { comments: '\r\n one\r\n\r\ntwo \n\n\nthree\rfour\t\n' },
    });
    expect([quantity, fields.comments]).toEqual([4, 'one\ntwo\nthree\nfour']);
  });
});

describe('a price', () => {
  it.each<[ServiceType, string]>([
    ['Default', '0.1'],
    ['Package', '10'],
    ['Custom Comments', '0.02'],
    ['Custom Comments Package', '10'],
    ['Poll', '0.1'],
    // 3 posts of at most 20 items.
    ['Subscriptions', '0.6'],
  ])('of type %s at a rate of 10 is %s', (type, price) => {
    expect(formatMoney(placed(type).price)).toBe(price);
  });
});

describe('a field', () => {
  it.each<[ServiceType, string, string]>([
    ['Poll', 'answer_number', '-1'],
    ['Poll', 'answer_number', '1.5'],
    ['Poll', 'answer_number', 'second'],
    ['Comment Likes', 'username', 'two\nlines'],
    ['Comment Likes', 'username', 'x'.repeat(2_501)],
    ['Custom Comments', 'comments', `fine\n${'x'.repeat(2_501)}`],
    ['Custom Comments', 'comments', 'a\n'.repeat(10_001)],
    ['Custom Comments', 'comments', 'fine\nnot \u0000 fine'],
    ['Custom Comments', 'comments', 'half a character \ud83d'],
    ['Web Traffic', 'device', '6'],
    ['Web Traffic', 'type_of_traffic', '4'],
    ['Subscriptions', 'delay', '7'],
    ['Subscriptions', 'expiry', '2027-01-31'],
    ['Subscriptions', 'expiry', '31/02/2027'],
    ['Subscriptions', 'posts', '-1'],
    ['Subscriptions', 'posts', '100001'],
    ['Subscriptions', 'min', 'x'],
    ['Subscriptions', 'username', 'two words'],
  ])('of type %s, %s, cannot be %j', (type, name, value) => {
    expect(refusal(type, withField(type, name, value))).toBe(`invalid_${name}`);
  });

  it('of web traffic is needed where the kind of traffic asks for it', () => {
    const of = (fields: Record<string, string>) => refusal('Web Traffic', { fields: { ...traffic, ...fields } });
    expect(of({ type_of_traffic: '1' })).toBe('invalid_google_keyword');
    expect(of({ type_of_traffic: '1', google_keyword: 'shoes' })).toBe('no refusal');
    expect(of({ type_of_traffic: '2' })).toBe('invalid_referring_url');
    expect(of({ type_of_traffic: '2', referring_url: 'https://example.com/' })).toBe('no refusal');
  });

  it('is never quoted in what is said of it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.string({ minLength: 12, unit: 'grapheme' }), (type, value) => {
        const fields = Object.fromEntries(SERVICE_TYPES[type].needs.map((name) => [name, `${value}\u0001`]));
        try {
          placed(type, { fields });
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          expect(error.message).not.toContain(value);
        }
      }),
    );
  });
});

describe('a subscription', () => {
  it('costs its old posts too', () => {
    const { totalQuantity, price } = placed('Subscriptions', withField('Subscriptions', 'old_posts', '2'));
    expect([totalQuantity, formatMoney(price)]).toEqual([5, '1']);
  });

  it.each(['', ' ', '0', undefined])(
    'whose posts are %j is bought for as many as its service says, and keeps them',
    (posts) => {
      const { posts: _, ...without } = subscription;
      const ordered = placed('Subscriptions', { fields: { ...without, ...(posts === undefined ? {} : { posts }) } });
      expect(ordered.fields).toEqual({ ...without, posts: '40' });
      expect([ordered.totalQuantity, formatMoney(ordered.price)]).toEqual([40, '8']);
      expect(upstreamOrder('Subscriptions', ordered.fields, 40)).toEqual({ fields: { ...without, posts: '40' } });
    },
  );

  it('without posts has its old posts beside them, and costs no more than its customer wants to pay', () => {
    const fields = { ...subscription, posts: '0', old_posts: '2' };
    expect(placed('Subscriptions', { fields }).totalQuantity).toBe(42);
    expect(placed('Subscriptions', { fields, quantity: 42 }).totalQuantity).toBe(42);
    expect(refusal('Subscriptions', { fields, maxCharge: '839999999' })).toBe('charge_above_max');
    expect(refusal('Subscriptions', { fields, maxCharge: '840000000' })).toBe('no refusal');
  });

  it('has no link, and its posts are within the limits of the service', () => {
    expect(refusal('Subscriptions', { link })).toBe('unexpected_field');
    expect(refusal('Subscriptions', withField('Subscriptions', 'min', '9'))).toBe('quantity_below_min');
    expect(refusal('Subscriptions', withField('Subscriptions', 'max', '21'))).toBe('quantity_above_max');
    expect(refusal('Subscriptions', { fields: { ...subscription, min: '20', max: '10' } })).toBe('invalid_max');
  });
});

describe('what is sent to a provider', () => {
  it.each(types)('of type %s is what was ordered', (type) => {
    const { fields, quantity } = placed(type);
    const given = SERVICE_TYPES[type].quantity === 'given';
    expect(upstreamOrder(type, fields, quantity)).toEqual({ fields, ...(given ? { quantity } : {}) });
  });

  it('of a list that was delivered in part is the rest of the list', () => {
    const fields = { comments: 'a\nb\nc\nd' };
    expect(upstreamOrder('Custom Comments', fields, 1)).toEqual({ fields: { comments: 'd' } });
    expect(upstreamOrder('Custom Comments', fields, 3)).toEqual({ fields: { comments: 'b\nc\nd' } });
  });

  it('of a subscription that was delivered in part is the rest of its posts, never without an end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(50), fc.nat(), (posts, old, some) => {
        const fields = { ...subscription, posts: String(posts), ...(old === 0 ? {} : { old_posts: String(old) }) };
        const quantity = 1 + (some % (posts + old));
        const { fields: sent } = upstreamOrder('Subscriptions', fields, quantity);
        expect(countedIn('Subscriptions', sent)).toBe(quantity);
        expect(Number(sent.posts)).toBeGreaterThanOrEqual(1);
        expect(Number(sent.posts)).toBeLessThanOrEqual(posts);
      }),
    );
  });
});

it('lines are the same however they are put together again', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.constantFrom('\n', '\r\n'), (items, end) => {
      const lines = linesOf(items.join(end));
      expect(linesOf(lines.join('\n'))).toEqual(lines);
      expect(lines.every((line) => line === line.trim() && line !== '')).toBe(true);
    }),
  );
});

describe('a word for nothing', () => {
  const limits = { min: 1, max: 1_000_000, unlimitedPosts: 100 };
  const fieldsOf = (type: ServiceType, given: Record<string, string>, limits: PostLimits) => {
    const { fields, faults } = judgeReadFields(type, readFieldsOf(type, given), limits);
    if (faults[0] !== undefined) throw faults[0];
    return fields;
  };
  it.each(['undefined', 'None', 'NULL', '<nil>', '"null"'])(
    '%s is absent where it is not needed, and text where it is',
    (word) => {
      expect(fieldsOf('Default', { comments: word, username: word, posts: word }, limits)).toEqual({});
      expect(fieldsOf('Custom Comments', { comments: word, username: word }, limits)).toEqual({ comments: word });
      const traffic = { country: word, device: '1', google_keyword: word, referring_url: word };
      expect(fieldsOf('Web Traffic', { ...traffic, type_of_traffic: '3' }, limits)).not.toHaveProperty(
        'google_keyword',
      );
      expect(fieldsOf('Web Traffic', { ...traffic, type_of_traffic: '1' }, limits)).toMatchObject({
        google_keyword: word,
      });
    },
  );

  it('is no number, so that one that is needed is missing', () => {
    expect(() => fieldsOf('Poll', { answer_number: 'None' }, limits)).toThrow('answer_number: is required');
  });

  it.each(['nobody', 'nullx', 'three', 'x'.repeat(100_000)])('is not any other: %.20s', (text) => {
    expect(() => fieldsOf('Default', { comments: text }, limits)).toThrow(Refusal);
  });
});
