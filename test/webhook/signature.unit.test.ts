import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isRecent, isSignedWith, newSecret, readSecret, signWith } from '../../net/signature.ts';

const WRITTEN = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const SECRET = readSecret(WRITTEN) ?? Buffer.alloc(0);
const MESSAGE = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: '1614265330',
  body: Buffer.from('{"test": 2432232314}'),
};
/** The signature of this message in the tests of the Standard Webhooks libraries. */
const RIGHT = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const WRONG = 'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=';

describe('a signature', () => {
  it.each([RIGHT, `${WRONG} ${RIGHT}`, `v1a,abc ${RIGHT} ${WRONG}`])('%s is right', (signature) => {
    expect(isSignedWith(SECRET, { ...MESSAGE, signature })).toBe(true);
  });

  it.each(['', WRONG, RIGHT.slice(3), RIGHT.replace('v1', 'v2'), RIGHT.slice(0, -6), `${RIGHT}${RIGHT}`, 'v1,', ' '])(
    '%j is wrong',
    (signature) => {
      expect(isSignedWith(SECRET, { ...MESSAGE, signature })).toBe(false);
    },
  );

  it('is of this id, this time, this body and this secret alone', () => {
    const signed = { ...MESSAGE, signature: RIGHT };
    expect(isSignedWith(SECRET, { ...signed, id: 'msg_2' })).toBe(false);
    expect(isSignedWith(SECRET, { ...signed, timestamp: '1614265331' })).toBe(false);
    expect(isSignedWith(SECRET, { ...signed, body: Buffer.from('{"test": 2432232315}') })).toBe(false);
    expect(isSignedWith(Buffer.alloc(24), signed)).toBe(false);
  });

  it('is over the bytes of the body, whatever they are', () => {
    const body = Buffer.from([0xff, 0x00, 0xc3, 0x28]);
    const digest = createHmac('sha256', SECRET).update('a.1.').update(body).digest('base64');
    expect(isSignedWith(SECRET, { id: 'a', timestamp: '1', body, signature: `v1,${digest}` })).toBe(true);
  });
});

describe('what we sign', () => {
  it('has the signature that the libraries of Standard Webhooks give it', () => {
    expect(signWith([SECRET], MESSAGE)).toBe(RIGHT);
  });

  it('has one signature for each secret', () => {
    const other = Buffer.alloc(32, 1);
    const signature = signWith([other, SECRET], MESSAGE);
    expect(signature.split(' ')).toEqual([expect.stringMatching(/^v1,.{44}$/), RIGHT]);
    for (const secret of [other, SECRET]) expect(isSignedWith(secret, { ...MESSAGE, signature })).toBe(true);
  });
});

describe('a timestamp', () => {
  const now = 1_700_000_000_000;

  it.each(['1700000000', '1699999700', '1700000300'])('%s is of these minutes', (timestamp) => {
    expect(isRecent(timestamp, now)).toBe(true);
  });

  it.each(['1699999699', '1700000301', '0', '', 'now', '-1700000000', '1.7e9', ' 1700000000', '1700000000000'])(
    '%j is not',
    (timestamp) => {
      expect(isRecent(timestamp, now)).toBe(false);
    },
  );
});

describe('a secret', () => {
  it('that is new is of 32 bytes, and another each time', () => {
    expect(readSecret(newSecret())).toHaveLength(32);
    expect(newSecret()).not.toBe(newSecret());
  });

  const of = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;

  it.each([24, 32, 64])('of %i bytes is read', (bytes) => {
    expect(readSecret(of(bytes))).toEqual(Buffer.alloc(bytes, 7));
  });

  it.each(['', 'whsec_', of(23), of(65), of(32).slice(6), `${of(32)} `, of(32).replace('B', '-'), `${of(24)}===`])(
    '%j is none',
    (text) => {
      expect(readSecret(text)).toBeUndefined();
    },
  );
});
