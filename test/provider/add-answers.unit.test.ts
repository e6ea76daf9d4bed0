import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../domain/limits.ts';
import { readAddAnswer, readRetryAfter } from '../../domain/provider/answers.ts';
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
