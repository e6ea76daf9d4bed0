import { expect, test } from 'vitest';
import { isPublicAddress, whyNotUrl } from '../../api/url-guard.ts';

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
