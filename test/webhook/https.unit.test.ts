import { beforeAll, expect, test } from 'vitest';
import { post } from '../../activities/webhook/post.ts';
import { type Authority, type Certificate, newAuthority } from '../support/engines/certificates.ts';
import { openReceiver } from '../support/peers/receiver.ts';

const body = Buffer.from('{"type":"webhook.test"}');

let authority: Authority;
beforeAll(async () => {
  authority = await newAuthority('an authority');
});

/**
 * Posts one webhook to https://hook.example, served by a receiver of this test. `ca`: the trusted authority; undefined: Node's
 * default.
 */
async function tell(certificate: Certificate, ca: string | undefined) {
  const receiver = await openReceiver(certificate);
  const guard = { allowLoopback: true, httpsOnly: true, resolve: async () => ['127.0.0.1'] };
  try {
    const url = `https://hook.example:${new URL(receiver.url).port}/hook`;
    return { result: await post(url, {}, body, { guard, totalMs: 15_000, ca }), heard: receiver.heard };
  } finally {
    await receiver.close();
  }
}

test('a receiver with the certificate of its name gets the webhook over TLS', async () => {
  const { result, heard } = await tell(await authority.issue('hook.example'), authority.cert);
  expect(result).toEqual({ kind: 'answered', status: 204, retryAfter: 0 });
  expect(heard).toMatchObject([{ path: '/hook', bytes: body }]);
});

test.each<[string, () => Promise<Certificate>]>([
  ['of another name', () => authority.issue('other.example')],
  ['of the address alone, not of the name', () => authority.issue('127.0.0.1')],
  ['that is out of date', () => authority.issue('hook.example', { from: -3, to: -1 })],
  ['that is not valid yet', () => authority.issue('hook.example', { from: 1, to: 2 })],
  ['of another authority of that name', async () => (await newAuthority('an authority')).issue('hook.example')],
])('a receiver with a certificate %s gets nothing', async (_, issued) => {
  const { result, heard } = await tell(await issued(), authority.cert);
  expect(result).toEqual({ kind: 'failed', error: 'tls' });
  expect(heard).toEqual([]);
});

test('a receiver with a certificate of an authority that only it trusts gets nothing', async () => {
  const { result, heard } = await tell(await authority.issue('hook.example'), undefined);
  expect(result).toEqual({ kind: 'failed', error: 'tls' });
  expect(heard).toEqual([]);
});
