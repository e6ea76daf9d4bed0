import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';

/** Whether an address is one of the public internet: not loopback, private, link-local, or anything with a special use. */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  return address.range() === 'unicast';
}

/** All addresses of a name. */
export type Resolve = (name: string) => Promise<readonly string[]>;

const resolveByDns: Resolve = async (name) => (await lookup(name, { all: true })).map(({ address }) => address);

interface GuardOptions {
  /** Loopback and private addresses are fine: a stack on one machine. */
  readonly allowLoopback: boolean;
  readonly resolve?: Resolve;
}

/**
 * Why we must not send requests to an address that somebody gave us; undefined when we may. A name is looked up, and every
 * one of its addresses must be public.
 */
export async function whyNotUrl(
  text: string,
  { allowLoopback, resolve = resolveByDns }: GuardOptions,
): Promise<string | undefined> {
  if (!URL.canParse(text)) return 'is not an address';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'is not an http or https address';
  if (url.username !== '' || url.password !== '') return 'must not contain a user or a password';
  if (allowLoopback) return undefined;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  if (ipaddr.isValid(host)) return isPublicAddress(host) ? undefined : 'is not a public address';
  const addresses = await resolve(host).catch((): readonly string[] => []);
  if (addresses.length === 0) return 'has a host name that cannot be resolved';
  return addresses.every(isPublicAddress) ? undefined : 'is not a public address';
}
