import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ProviderWord, UNREADABLE_CHARGE, verdict } from '../../domain/delivery/verdict.ts';
import { PROVIDER_STATUSES, taughtWords } from '../../domain/delivery/words.ts';
import { paidFor } from '../../domain/ledger/provider-cost.ts';
import { readReport, readStatusAnswer, unknownWordsIn } from '../../domain/provider/answers.ts';
import { runs } from '../support/run/scale.ts';

describe('what a provider says of an order', () => {
  it('is read from numbers and from texts alike', () => {
    const expected = { status: 'In progress', remains: 157, startCount: 3572, charge: '0.27819' };
    expect(readReport({ status: 'In progress', remains: '157', start_count: '3572', charge: '0.27819' })).toEqual(
      expected,
    );
    expect(readReport({ status: 'In progress', remains: 157, start_count: 3572, charge: 0.27819 })).toEqual(expected);
  });

  it.each([
    ['remains', 'Unknown'],
    ['remains', 'N/A'],
    ['remains', 1.5],
    ['remains', '1.5'],
    ['remains', null],
    ['remains', true],
    ['remains', '1e3'],
    ['remains', 1e300],
    ['start_count', ''],
    ['start_count', []],
    ['charge', null],
    ['charge', ' '],
  ])('%s %j cannot be read, and the rest can', (field, value) => {
    const row = { status: 'Partial', remains: '10', start_count: '5', charge: '1.5', [field]: value };
    const name = field === 'start_count' ? 'startCount' : field;
    const whole = { status: 'Partial', remains: 10, startCount: 5, charge: '1.5' };
    expect(readReport(row)).toEqual({ ...whole, [name]: null });
  });

  it.each([
    ['$0.27', UNREADABLE_CHARGE],
    ['0,27', UNREADABLE_CHARGE],
    ['0.27 USD', UNREADABLE_CHARGE],
    ['Unknown', UNREADABLE_CHARGE],
    ['-1', UNREADABLE_CHARGE],
    [-1, UNREADABLE_CHARGE],
    [1e300, UNREADABLE_CHARGE],
    ['.', UNREADABLE_CHARGE],
    [{}, UNREADABLE_CHARGE],
    [false, UNREADABLE_CHARGE],
    ['0.2\u00007', UNREADABLE_CHARGE],
    ['9'.repeat(100_000), UNREADABLE_CHARGE],
    [' 0.27 ', '0.27'],
    [5e-7, '0.0000005'],
    ['1.5E-07', '0.00000015'],
    ['$0.00', '0'],
    ['0,00 EUR', '0'],
    ['0.000', '0.000'],
  ])('the charge %j is said, and read as %s', (charge, read) => {
    expect(readReport({ status: 'Partial', remains: '10', charge })?.charge).toBe(read);
  });

  it('pays nothing back for a canceled order whose charge is said and cannot be read', () => {
    for (const charge of ['$0.27', '0,27', '0.27 USD', 5e-7, '.', 'Unknown']) {
      const said = readReport({ status: 'Canceled', remains: 'Unknown', charge }) as ProviderWord;
      const paid = paidFor(said.charge, { rate: 90_000n, type: 'Default', most: null }, 1000);
      expect([charge, verdict({ ...said, paidFor: paid }, 1000).kind]).toEqual([charge, 'conflict']);
    }
  });

  it.each([-1, '-1', -3572])('has no start count when that is %j', (start_count) => {
    expect(readReport({ status: 'In progress', start_count })?.startCount).toBeNull();
  });

  it.each([
    ['0', 'Canceled'],
    ['0.0000', 'Canceled'],
    ['0.27', 'Error'],
    [undefined, 'Error'],
    ['Unknown', 'Error'],
  ])('an Error with the charge %j is %s: only one that cost nothing was surely given up', (charge, status) => {
    expect(readReport({ status: 'Error', remains: '1000', charge })?.status).toBe(status);
  });

  it('a number for a status is understood once it is taught', () => {
    const taught = taughtWords({ 2: 'Completed' });
    expect(readReport({ status: 2, remains: 0 }, { taught })?.status).toBe('Completed');
    expect(readReport({ status: '2', remains: 0 }, { taught })?.status).toBe('Completed');
    expect(readReport({ status: 3, remains: 0 }, { taught })).toBeUndefined();
  });

  it('keeps a word that nobody knows, for staff to teach it', () => {
    const reports = ['Selesai', 'SELESAI', 'Pending', '\u0000', 'Diproses'].map((status) => readReport({ status }));
    expect([...unknownWordsIn(reports.flatMap((report) => report ?? []))]).toEqual([
      ['selesai', 'Selesai'],
      ['diproses', 'Diproses'],
    ]);
  });

  it('may be less than nothing remaining: more was delivered than ordered', () => {
    expect(readReport({ status: 'Completed', remains: '-12' })?.remains).toBe(-12);
  });

  it.each([[{ error: 'Incorrect order ID' }], ['Incorrect order ID'], [null], [[]], [{}], [{ status: 3 }]])(
    'in a row like %j says nothing',
    (row) => {
      expect(readReport(row)).toBeUndefined();
    },
  );
});

describe('the answer about many orders', () => {
  const good = { status: 'In progress', remains: '10', start_count: '5', charge: '0.1' };

  it('is heard for the ids that were asked about, and for no others', () => {
    const answer = readStatusAnswer(200, JSON.stringify({ 1: good, 2: { error: 'Incorrect order ID' }, 99: good }), [
      '1',
      '2',
      '3',
    ]);
    expect([...(answer ?? [])].map(([id]) => id)).toEqual(['1']);
  });

  it('may be the plain object when one was asked about', () => {
    expect(readStatusAnswer(200, JSON.stringify(good), ['7'])?.get('7')?.remains).toBe(10);
    expect(readStatusAnswer(200, JSON.stringify(good), ['7', '8'])?.size).toBe(0);
    expect(readStatusAnswer(200, '{"status":"Completed"}', ['7'])?.get('7')?.status).toBe('Completed');
    expect(readStatusAnswer(200, '{"status":"Fail","charge":"0"}', ['7'])?.get('7')?.status).toBe('Canceled');
  });

  it.each<object>([
    { status: 'fail', message: 'Incorrect request' },
    { status: 'failed', error: 'Too many requests' },
    { status: 'error', msg: 'Order not found' },
    { status: 'fail', message: 'Incorrect request', charge: null, remains: '' },
    { status: 'fail', message: 'Incorrect request', charge: 0, remains: 0 },
    { status: 'Canceled', message: 'Incorrect order ID' },
    { status: 'Canceled', error: 'Incorrect order ID', remains: 1000 },
    { status: 'Canceled', errors: { order: ['not found'] } },
    { status: 'Canceled', success: false },
    { status: 'success', data: { status: 'In progress', remains: '10' } },
    { status: 'Completed', data: [good] },
  ])('says nothing of an order by the reply %j, alone or as its row', (reply) => {
    expect(readStatusAnswer(200, JSON.stringify(reply), ['7'])?.get('7')).toBeUndefined();
    expect(readStatusAnswer(200, JSON.stringify({ 7: reply }), ['7'])?.get('7')).toBeUndefined();
  });

  it.each(['fail', 'FAILED', 'error', 'success', 'OK', 'denied', 200])(
    'says nothing of an order by the word %j alone, which may be about the call',
    (status) => {
      const taught = taughtWords({ ok: 'Completed', error: 'Canceled', 200: 'Completed' });
      expect(readStatusAnswer(200, JSON.stringify({ status }), ['7'], { taught })?.get('7')).toBeUndefined();
      const row = { ...good, status };
      expect(readStatusAnswer(200, JSON.stringify(row), ['7'], { taught })?.get('7')?.remains).toBe(10);
    },
  );

  it('is the row of the order that was asked about, beside the word of the call', () => {
    const answer = readStatusAnswer(200, JSON.stringify({ status: 'success', 7: good }), ['7']);
    expect(answer?.get('7')?.status).toBe('In progress');
  });

  it.each<object>([
    { error: null, message: null },
    { error: '', message: ' ', errors: [], data: {} },
    { error: false, errors: 0, success: true },
    { message: 'Order found' },
  ])('is heard with %j beside a good row', (more) => {
    const row = { ...good, ...more };
    expect(readStatusAnswer(200, JSON.stringify(row), ['7'])?.get('7')?.remains).toBe(10);
    expect(readStatusAnswer(200, JSON.stringify({ 7: row, 8: good }), ['7', '8'])?.size).toBe(2);
  });

  it.each([
    [500, '{}'],
    [302, '{}'],
    [200, ''],
    [200, '<html>'],
    [200, '[]'],
    [200, 'null'],
    [200, '{"error":"Invalid API key"}'],
    [200, '{"status":"fail","message":"Too many requests"}'],
    [429, '{"error":"Rate limit exceeded"}'],
  ])('HTTP %i with %j is no answer at all', (status, body) => {
    expect(readStatusAnswer(status, body, ['1', '2'])).toBeUndefined();
  });

  it('is not spoiled for the others by one odd row, whatever that is', () => {
    const asked = Array.from({ length: 100 }, (_, at) => String(at + 1));
    fc.assert(
      fc.property(fc.nat({ max: 99 }), fc.jsonValue(), (odd, row) => {
        const body = JSON.stringify(Object.fromEntries(asked.map((id, at) => [id, at === odd ? row : good])));
        const answer = readStatusAnswer(200, body, asked);
        expect(asked.filter((id) => answer?.get(id)?.remains === 10).length).toBeGreaterThanOrEqual(99);
      }),
      { numRuns: runs(500) },
    );
  });

  it('never throws, and never says what was not asked', () => {
    const row = fc.oneof(
      fc.jsonValue(),
      fc.record({ status: fc.jsonValue(), remains: fc.jsonValue(), charge: fc.jsonValue() }),
    );
    const ids = fc.constantFrom(
      '1',
      '2',
      '3',
      'constructor',
      '__proto__',
      'toString',
      'hasOwnProperty',
      'error',
      'status',
    );
    const body = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.dictionary(ids, row).map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 599 }),
        body,
        fc.uniqueArray(ids, { minLength: 1 }),
        (status, text, asked) => {
          for (const [id, report] of readStatusAnswer(status, text, asked) ?? []) {
            expect(asked).toContain(id);
            expect(PROVIDER_STATUSES).toContain(report.status);
            expect(report.remains === null || Number.isSafeInteger(report.remains)).toBe(true);
          }
        },
      ),
      { numRuns: runs(5_000) },
    );
  });
});

describe('a charge in another currency than ours', () => {
  const row = { status: 'Canceled', remains: '0', charge: '75.00' };
  const chargeOf = (more: object, ours = 'USD') => readReport({ ...row, ...more }, { ours })?.charge;

  it('is said, but is no amount of ours', () => {
    expect(chargeOf({ currency: 'INR' })).toBe(UNREADABLE_CHARGE);
    expect(chargeOf({ currency: ' eur ' })).toBe(UNREADABLE_CHARGE);
    expect(chargeOf({ currency: 'USD' }, 'EUR')).toBe(UNREADABLE_CHARGE);
  });

  it('is nothing when it is zero, and ours when the provider names ours or none', () => {
    expect(Number(chargeOf({ currency: 'INR', charge: '0.00' }))).toBe(0);
    for (const currency of ['USD', 'usd', '', null, undefined, '$', 7]) expect(chargeOf({ currency })).toBe('75.00');
  });
});

it('the posts of a subscription count when its remains are empty', () => {
  const row = { status: 'Canceled', charge: null, start_count: '', posts: '3' };
  for (const remains of ['', null, undefined]) expect(readReport({ ...row, remains })).toMatchObject({ posts: 3 });
  for (const remains of ['0', 0, '5']) expect(readReport({ ...row, remains })).not.toHaveProperty('posts');
});
