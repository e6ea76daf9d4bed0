import ipaddr from 'ipaddr.js';
import type { ApiContext } from './context.ts';

/** An owner of one IPv6 address usually owns all addresses with the same first 64 bits. */
const IPV6_BITS = 64;

/** The network that an address counts for, as text. All addresses that cannot be read share one. */
export function placeOf(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${IPV6_BITS}`).toString();
}

/**
 * The network that a request comes from. Behind `trustedProxies` proxies of our own it is the address that the outermost proxy
 * saw: the entry at that place of X-Forwarded-For, counted from the end. A client can forge the entries before it.
 */
export function clientPlace(c: ApiContext, trustedProxies: number): string {
  if (trustedProxies > 0) {
    const hops = (c.req.header('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim());
    const seen = hops.at(-trustedProxies);
    if (seen !== undefined && seen !== '') return placeOf(seen);
  }
  // A request without a socket comes from a unit test.
  const socket = (c.env as Partial<ApiContext['env']> | undefined)?.incoming?.socket;
  return placeOf(socket?.remoteAddress ?? '');
}
