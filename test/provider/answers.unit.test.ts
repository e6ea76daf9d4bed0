import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ProviderWord, UNREADABLE_CHARGE, verdict } from '../../domain/delivery/verdict.ts';
import { PROVIDER_STATUSES, taughtWords } from '../../domain/delivery/words.ts';
import { paidFor } from '../../domain/ledger/provider-cost.ts';
import { LIMITS } from '../../domain/limits.ts';
import {
  readAddAnswer,
  readReport,
  readRetryAfter,
  readStatusAnswer,
  unknownWordsIn,
} from '../../domain/provider/answers.ts';
import { type ProviderProfile, USUAL_PROFILE } from '../../domain/provider/profile.ts';
import { runs } from '../support/run/scale.ts';

const add = (answer: unknown, status = 200) => readAddAnswer(status, JSON.stringify(answer));

describe('the answer to an order sent to a provider', () => {
  it.each([
    [{ order: 23501 }, '23501'],
    [{ order: '23501' }, '23501'],
    [{ order: 'A-77_x' }, 'A-77_x'],
    [{ order: '00012' }, '00012'],
    [{ status: 'success', order: 7 }, '7'],
  ])('%j is an order', (answer, providerOrder) => {
    expect(add(answer)).toEqual({ kind: 'accepted', providerOrder });
  });

  it('may begin with a byte order mark', () => {
    expect(readAddAnswer(200, '\ufeff{"order": 5}')).toEqual({ kind: 'accepted', providerOrder: '5' });
  });

  it.each([
    [{ order: 0 }],
    [{ order: '0' }],
    [{ order: '000' }],
    [{ order: -5 }],
    [{ order: 1.5 }],
    [{ order: 1e300 }],
    [{ order: null }],
    [{ order: true }],
    [{ order: '' }],
    [{ order: ' 5' }],
    [{ order: 'a b' }],
    [{ order: 'x'.repeat(65) }],
    [{ order: [5] }],
    [{ order: { id: 5 } }],
    [{ order: 5, error: 'Incorrect link' }],
    [{ order: 5, error: 0 }],
    [{ order: 5, error: false }],
    [{ error: 'Something went wrong' }],
    [{ error: 17 }],
    [{ error: { message: 'Incorrect link' } }],
    [{ status: 'fail', message: 'Incorrect request' }],
    [{}],
    [[]],
    [[{ order: 5 }]],
    [null],
    [5],
    ['5'],
  ])('%j proves neither that there is an order nor that there is none', (answer) => {
    expect(add(answer).kind).toBe('unclear');
  });

  it.each(['', ' ', '<html>Cloudflare</html>', '{"order":', '{"order": 5', 'order=5', '{"order": 5}{"order": 6}'])(
    '%j is no JSON and proves nothing',
    (body) => {
      expect(readAddAnswer(200, body).kind).toBe('unclear');
    },
  );

  it.each([500, 502, 503, 504, 520, 524, 301, 302, 408, 409, 100, 0])('HTTP %i proves nothing', (status) => {
    expect(readAddAnswer(status, 'oops').kind).toBe('unclear');
    expect(add({ order: 5 }, status).kind).toBe('unclear');
  });

  it('a known error with HTTP 500 proves nothing: the server broke after it began', () => {
    expect(add({ error: 'neworder.error.link' }, 500).kind).toBe('unclear');
  });

  it.each([
    [200, 'neworder.error.link', 'refused'],
    [200, 'neworder.error.link_duplicate', 'wait'],
    [200, 'neworder.error.not_enough_funds', 'funds'],
    [400, 'what nobody knows', 'refused'],
    [401, 'what nobody knows', 'key'],
    [422, 'Not enough funds on balance', 'funds'],
    [429, 'slow down', 'throttled'],
  ])('HTTP %i with the error %j is %s', (status, error, meaning) => {
    expect(add({ error }, status)).toEqual({ kind: 'error', error, meaning });
  });

  it.each<[string, string, string]>([
    ['https://x.com/insufficient_funds', 'Incorrect link https://x.com/insufficient_funds', 'refused'],
    ['https://x.com/p?q=too%20many%20requests', 'Bad link: x.com/p?q=too many requests', 'refused'],
    ['https://x.com/?a=1&b=too+many+requests', 'Bad link: https://x.com/?a=1&amp;b=too many requests', 'refused'],
    [`https://x.com/${'a'.repeat(400)}`, `Bad link https://x.com/${'a'.repeat(400)}`, 'refused'],
    ['https://x.com/insufficient_funds', 'We are out of order: https://x.com/insuff…', 'unclear'],
    ['https://x.com/?incorrect link', 'We are out of order: https://x.com/?incorrect link', 'unclear'],
    ['invalid api key', '"invalid api key" is not a user', 'unclear'],
    ['https://x.com/p/1', 'neworder.error.not_enough_funds', 'funds'],
  ])('takes no word of the order, %j, for the provider’s own: %j is %s', (text, error, meaning) => {
    const answer = readAddAnswer(200, JSON.stringify({ error }), USUAL_PROFILE, [text]);
    expect(answer.kind === 'error' ? answer.meaning : answer.kind).toBe(meaning);
  });

  it('takes no word of the order for a text that staff have taught', () => {
    const profile: ProviderProfile = { ...USUAL_PROFILE, definiteErrors: [{ text: 'top up', means: 'funds' }] };
    const meaning = (error: string) => {
      const answer = readAddAnswer(200, JSON.stringify({ error }), profile, ['https://x.com/?q=top%20up']);
      return answer.kind === 'error' ? answer.meaning : answer.kind;
    };
    expect(meaning('Incorrect link https://x.com/?q=top up')).toBe('refused');
    expect(meaning('Incorrect link &lt;https:\\/\\/x.com\\/?q=top up')).toBe('refused');
  });

  it('keeps no more of an error than its limit', () => {
    const answer = add({ error: `neworder.error.${'x'.repeat(10_000)}` });
    expect(answer.kind === 'error' && answer.error.length).toBe(LIMITS.providerText);
  });

  it('reads a field that is named but left empty as one that is not there', () => {
    expect(add({ order: 5, error: null })).toEqual({ kind: 'accepted', providerOrder: '5' });
    expect(add({ order: 5, error: '' })).toEqual({ kind: 'accepted', providerOrder: '5' });
    expect(add({ order: null, error: 'Incorrect link' })).toMatchObject({ kind: 'error', meaning: 'refused' });
  });

  it.each<[Partial<ProviderProfile>, number, string, string]>([
    [{ definiteErrors: [{ text: 'no slots', means: 'wait' }] }, 200, 'Sorry, NO SLOTS left', 'wait'],
    [{ definiteErrors: [{ text: 'no slots', means: 'refused' }] }, 500, 'no slots', 'refused'],
    [{ definiteErrors: [{ text: 'link', means: 'unknown' }] }, 200, 'Incorrect link', 'unclear'],
    [{ throttleStatuses: [429, 503] }, 503, 'busy', 'throttled'],
    [{ throttleStatuses: [] }, 429, 'Too many requests', 'unclear'],
    [{}, 429, 'whatever it says', 'throttled'],
    [{}, 503, 'Too many requests', 'unclear'],
  ])('of a provider with the profile %j, HTTP %i and "%s", is %s', (profile, status, error, meaning) => {
    const answer = readAddAnswer(status, JSON.stringify({ error }), { ...USUAL_PROFILE, ...profile });
    expect(answer.kind === 'error' ? answer.meaning : answer.kind).toBe(meaning);
  });

  it('that is throttled counts only with its own words where the status alone may be a proxy’s', () => {
    const profile = { ...USUAL_PROFILE, throttleStatuses: [429, 503] };
    expect(readAddAnswer(503, '<html>Cloudflare</html>', profile).kind).toBe('unclear');
    expect(readAddAnswer(429, '<html>Cloudflare</html>', profile)).toMatchObject({ meaning: 'throttled' });
  });

  it.each([
    ['7', 7],
    [' 7 ', 7],
    ['Sat, 21 Nov 2026 12:01:00 GMT', 60],
    ['Sat, 21 Nov 2026 11:00:00 GMT', undefined],
    ['0', undefined],
    ['-5', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('with Retry-After %j asks for %s seconds', (header, seconds) => {
    expect(readRetryAfter(header, Date.parse('2026-11-21T12:00:00Z'))).toBe(seconds);
  });

  it('never throws, and accepts only with an id that was really there', () => {
    const body = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      orderLike().map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), body, (status, text) => {
        const answer = readAddAnswer(status, text);
        if (answer.kind !== 'accepted') return;
        expect(status >= 200 && status < 300).toBe(true);
        const { order, error } = JSON.parse(text);
        expect([undefined, null, '']).toContain(error);
        expect(answer.providerOrder).toBe(String(order));
        expect(answer.providerOrder).toMatch(/[1-9a-zA-Z_-]/);
      }),
      { numRuns: runs(10_000) },
    );
  });
});

function orderLike() {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.integer(),
    fc.constantFrom('0', '12', 'neworder.error.link'),
  );
  return fc.record({ order: value, error: value, status: value }, { requiredKeys: [] });
}

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
    expect(readReport({ status: 2, remains: 0 }, taught)?.status).toBe('Completed');
    expect(readReport({ status: '2', remains: 0 }, taught)?.status).toBe('Completed');
    expect(readReport({ status: 3, remains: 0 }, taught)).toBeUndefined();
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
      expect(readStatusAnswer(200, JSON.stringify({ status }), ['7'], taught)?.get('7')).toBeUndefined();
      const row = { ...good, status };
      expect(readStatusAnswer(200, JSON.stringify(row), ['7'], taught)?.get('7')?.remains).toBe(10);
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
