import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../dev/provider/catalogue.ts';
import { type CatalogueRow, changesOf, differs } from '../../domain/catalogue/changes.ts';
import { parseMoney } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import { balanceTroubles, readBalanceAnswer } from '../../domain/provider/balance.ts';
import { plainText, readServicesAnswer } from '../../domain/provider/catalogue-answer.ts';
import { runs } from '../support/run/scale.ts';

const followers = {
  service: 1,
  name: 'Followers',
  type: 'Default',
  category: 'First Category',
  rate: '0.90',
  min: '50',
  max: '10000',
  refill: true,
  cancel: true,
};
const rowsOf = (answer: unknown): readonly CatalogueRow[] => {
  const read = readServicesAnswer(200, JSON.stringify(answer));
  if (read.kind === 'unread') throw new Error(read.why);
  return read.rows;
};
const rowOf = (more: object): CatalogueRow => {
  const [row] = rowsOf([{ ...followers, ...more }]);
  if (row === undefined) throw new Error('there is no row');
  return row;
};
const whyNot = (answer: unknown, status = 200): string | undefined => {
  const read = readServicesAnswer(status, typeof answer === 'string' ? answer : JSON.stringify(answer));
  return read.kind === 'unread' ? read.why : undefined;
};

describe('the catalogue of a provider', () => {
  it('is read as the standard has it', () => {
    expect(rowOf({})).toEqual({
      service: '1',
      name: 'Followers',
      type: 'Default',
      category: 'First Category',
      rate: '0.9',
      min: 50,
      max: 10_000,
      step: null,
      dripFeed: false,
      refill: true,
      cancel: true,
    });
    expect(rowsOf(CATALOGUE)).toHaveLength(CATALOGUE.length);
  });

  it('may have numbers for texts, texts for numbers and numbers for flags', () => {
    expect(
      rowOf({ service: '77', rate: 0.9, min: 50, max: 10_000, dripfeed: 1, refill: '0', cancel: 'true' }),
    ).toMatchObject({ service: '77', rate: '0.9', min: 50, max: 10_000, dripFeed: true, refill: false, cancel: true });
  });

  it.each([
    ['custom comments', 'Custom Comments'],
    ['Custom_Comments_Package', 'Custom Comments Package'],
    ['DEFAULT', 'Default'],
    ['Live stream', 'Live stream'],
    ['constructor', 'constructor'],
    ['likes', 'Default'],
    ['Video Views', 'Default'],
    ['FOLLOWERS', 'Default'],
    ['custom_comments', 'Custom Comments'],
    ['Custom Replies', 'Comment Replies'],
    ['poll-votes', 'Poll'],
    ['Packages', 'Package'],
    ['Website Traffic', 'Web Traffic'],
    ['mentions_user_followers', 'Mentions User Followers'],
    [17, 'Poll'],
    ['0', 'Default'],
    ['100', 'Subscriptions'],
    [5, '5'],
    ['Comments', 'Comments'],
    [null, ''],
  ])('says the type %j', (type, read) => {
    expect(rowOf({ type }).type).toBe(read);
  });

  it.each([
    [{ step: 10 }, 10],
    [{ step: '100' }, 100],
    [{ multiple: 50 }, 50],
    [{ quantity_step: '25', step: null }, 25],
    [{ increment: 5 }, 5],
    [{}, null],
    [{ step: 1 }, null],
    [{ step: 0 }, null],
    [{ step: -10 }, null],
    [{ step: 2.5 }, null],
    [{ step: 'ten' }, null],
    [{ step: 1e12 }, null],
  ])('says with %j that quantities are multiples of %j', (more, step) => {
    expect(rowOf(more).step).toBe(step);
  });

  it.each([
    ['00.90', '0.9'],
    ['.5', '0.5'],
    [' 12 ', '12'],
    ['0', '0'],
    ['0.000', '0'],
    [1e-7, null],
    ['1,50', null],
    ['-1', null],
    [null, null],
    [{ toString: 1 }, null],
  ])('says the rate %j', (rate, read) => {
    expect(rowOf({ rate }).rate).toBe(read);
  });

  it('has an odd row beside good ones, and each is read on its own', () => {
    const odd = [null, 7, 'x', [], {}, { ...followers, service: 0 }, { ...followers, service: 'a b' }, followers];
    const read = readServicesAnswer(200, JSON.stringify([followers, ...odd, { ...followers, service: 2, min: 'x' }]));
    expect(read).toMatchObject({ kind: 'read', unreadable: 8, rows: [{ service: '1' }, { service: '2', min: null }] });
  });

  it('brings no control characters, no turned text and no half characters', () => {
    const name = ` A\u0000B\n\tC \u202eevil\u2069 \ud800 😍 ${'x'.repeat(2_000)}`;
    const { name: read } = rowOf({ name });
    expect(read.startsWith('A B C evil 😍 x')).toBe(true);
    expect(read).toHaveLength(LIMITS.name);
    expect(plainText('😍'.repeat(150), LIMITS.name - 1)).toHaveLength(LIMITS.name - 2);
  });

  it.each<[string, unknown, number]>([
    ['an error', { error: 'Invalid API key' }, 200],
    ['a page', '<html>', 200],
    ['nothing', '', 200],
    ['an empty list, which would end all routes', [], 200],
    ['rows nobody can read', [1, 2, 3], 200],
    ['another status', [followers], 503],
    ['more than a catalogue has', Array.from({ length: LIMITS.catalogueServices + 1 }, () => 0), 200],
  ])('is not read from %s', (_, answer, status) => {
    expect(whyNot(answer, status)).toEqual(expect.any(String));
  });

  it('says in our words why it is not', () => {
    expect(whyNot({ error: 'Invalid API key' })).toBe('it answered with an error (key)');
    expect(whyNot({ error: '<b>Oh no</b>' })).toBe('it answered with an error');
  });

  it('whatever it is, is read or not, and never throws', () => {
    const odd = fc.record({
      service: fc.anything(),
      rate: fc.anything(),
      type: fc.anything(),
      dripfeed: fc.anything(),
    });
    const property = fc.property(fc.array(fc.oneof(odd, fc.jsonValue())), (answer) => {
      const body = JSON.stringify(answer, (_, value) => (typeof value === 'bigint' ? String(value) : value));
      expect(['read', 'unread']).toContain(readServicesAnswer(200, body ?? '').kind);
    });
    fc.assert(property, { numRuns: runs(2_000) });
  });
});

describe('what is different from one reading to the next', () => {
  const was = { ...rowOf({}), gone: false };
  it('is told field by field', () => {
    expect(changesOf(was, rowOf({}))).toEqual([]);
    expect(changesOf(was, rowOf({ rate: '1', max: '9', type: 'Poll' }))).toEqual([
      { service: '1', what: 'rate', was: '0.9', is: '1' },
      { service: '1', what: 'max', was: '10000', is: '9' },
      { service: '1', what: 'type', was: 'Default', is: 'Poll' },
    ]);
  });

  it('is its end, once, and its return', () => {
    expect(changesOf(was, undefined)).toMatchObject([{ what: 'gone' }]);
    expect(changesOf({ ...was, gone: true }, undefined)).toEqual([]);
    expect(changesOf({ ...was, gone: true }, rowOf({}))).toMatchObject([{ what: 'back' }]);
  });

  it('may be a name alone, which is no change that matters', () => {
    expect([differs(was, rowOf({})), differs(was, rowOf({ name: 'Other' }))]).toEqual([false, true]);
    expect(changesOf(was, rowOf({ name: 'Other' }))).toEqual([]);
  });
});

describe('the balance with a provider', () => {
  it.each<[unknown, string | undefined, string | null]>([
    [{ balance: '100.84292', currency: 'USD' }, '100.84292', 'USD'],
    [{ balance: 12.5, currency: 'eur' }, '12.5', 'EUR'],
    [{ balance: '-0.31' }, '-0.31', null],
    [{ balance: '5', currency: '<b>' }, '5', null],
    [{ balance: '1e9', currency: 'USD' }, undefined, null],
    [{ balance: null }, undefined, null],
    [{ balance: { toString: 1 } }, undefined, null],
    [{ error: 'Invalid API key' }, undefined, null],
    [[], undefined, null],
  ])('%j is %s', (answer, balance, currency) => {
    expect(readBalanceAnswer(200, JSON.stringify(answer))).toEqual(
      balance === undefined ? undefined : { balance, currency },
    );
    expect(readBalanceAnswer(500, JSON.stringify(answer))).toBeUndefined();
  });

  it.each([
    ['50', '50', false],
    ['49.99999999', '50', true],
    ['49.999999999999', '50', true],
    ['50.000000001', '50', false],
    ['-3', '0', true],
    ['0', '0', false],
  ])('of %s is below %s: %s', (balance, low, isLow) => {
    const troubles = balanceTroubles({ balance, currency: 'USD' }, parseMoney(low), 'USD');
    expect(troubles.provider_balance !== undefined).toBe(isLow);
    if (isLow) expect(troubles.provider_balance).toContain(`${balance} USD`);
  });

  it('in another currency is told, in an unknown one it is not', () => {
    const told = (currency: string | null) =>
      balanceTroubles({ balance: '1', currency }, undefined, 'USD').provider_currency;
    expect([told('USD'), told(null)]).toEqual([undefined, undefined]);
    expect(told('EUR')).toContain('EUR');
  });
});
