import { expect, test } from 'vitest';
import { findTarget, isPublicAddress, whyNotUrl } from '../../net/url-guard.ts';

const outside = async (): Promise<string[]> => ['93.184.216.34', '2606:2800:220:1::1'];
const guard = (url: string, resolve = outside) => whyNotUrl(url, { allowLoopback: false, resolve });

test.each(['93.184.216.34', '2606:2800:220:1::1', '::ffff:93.184.216.34'])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '255.255.255.255',
  '224.0.0.1',
  '::',
  '::1',
  'fe80::1',
  'fd00::1',
  '::ffff:127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::a00:1',
  '::7f00:1',
  '::ffff:0:7f00:1',
  '2002:7f00:1::',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  '2001:db8::1',
  'fec0::1',
  'fd00:ec2::254',
  'fe80::1%eth0',
  'ff02::1',
  '100::1',
  '4000::1',
  '0.1.2.3',
  '192.0.0.1',
  '192.0.2.1',
  '192.88.99.1',
  '198.18.0.1',
  '240.0.0.1',
  'not an address',
])('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(['https://panel.example/api/v2', 'http://93.184.216.34:8080/', 'https://[2606:2800:220:1::1]/'])(
  '%s may be asked',
  async (url) => {
    expect(await guard(url)).toBeUndefined();
  },
);

test.each([
  'http://127.0.0.1/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://[::ffff:127.0.0.1]/',
  'http://127.0.0.1./',
  'https://0/',
  'https://127.1/',
  'https://017700000001/',
  'https://0x7f000001/',
  'https://127.0.0.1:8443/',
  'https://①②⑦.0.0.1/',
  'https://127。0。0。1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://[::]/',
  'https://[::1]/',
  'https://[::127.0.0.1]/',
  'https://[0:0:0:0:0:ffff:7f00:1]/',
  'https://[64:ff9b::169.254.169.254]/',
  'https://[fd00::1]/',
  'gopher://93.184.216.34/',
  'file:///etc/passwd',
  'https://user:secret@panel.example/',
  'nothing',
])('%s may not', async (url) => {
  expect(await guard(url)).toEqual(expect.any(String));
});

test('a name is as public as the least public of its addresses', async () => {
  expect(await guard('http://inside.example/', async () => ['93.184.216.34', '10.0.0.1'])).toBe(
    'is not a public address',
  );
  const failing = async (): Promise<string[]> => {
    throw new Error('no such name');
  };
  expect(await guard('http://nowhere.example/', failing)).toBe('has a host name that cannot be resolved');
});

test('a stack on one machine may ask itself', async () => {
  expect(await whyNotUrl('http://127.0.0.1:4000/api/v2', { allowLoopback: true })).toBeUndefined();
  expect(await whyNotUrl('ftp://127.0.0.1/', { allowLoopback: true })).toEqual(expect.any(String));
});

test('what is sent to is one of the addresses that were checked, whatever the name resolves to next', async () => {
  const answers = [['93.184.216.34'], ['127.0.0.1']];
  const rebinding = async (): Promise<string[]> => answers.shift() ?? [];
  const options = { allowLoopback: false, resolve: rebinding };
  expect(await findTarget('https://hook.example/', options)).toEqual({ kind: 'address', address: '93.184.216.34' });
  expect(await findTarget('https://hook.example/', options)).toEqual({
    kind: 'refused',
    why: 'is not a public address',
  });
});

test('where only https will do, http will not', async () => {
  const options = { allowLoopback: false, httpsOnly: true, resolve: outside };
  expect(await whyNotUrl('http://hook.example/', options)).toBe('is not an https address');
  expect(await whyNotUrl('https://hook.example/', options)).toBeUndefined();
});
