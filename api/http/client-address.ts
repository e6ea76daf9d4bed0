import ipaddr from 'ipaddr.js';
import type { ApiContext } from './context.ts';

/** Who has one address of IPv6 has as a rule all that share its first 64 bits. */
const IPV6_BITS = 64;

/** What all requests from one place have in common, as text; an address in no form we know is a place too. */
export function placeOf(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${IPV6_BITS}`).toString();
}

/**
 * Where a request comes from. Behind `trustedProxies` proxies of our own it is what the first of them has seen, as
 * X-Forwarded-For has it counted from its end; what stands before that anybody can write.
 */
export function clientPlace(c: ApiContext, trustedProxies: number): string {
  if (trustedProxies > 0) {
    const hops = (c.req.header('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim());
    const seen = hops.at(-trustedProxies);
    if (seen !== undefined && seen !== '') return placeOf(seen);
  }
  // A request that came over no socket is one of a unit test.
  const socket = (c.env as Partial<ApiContext['env']> | undefined)?.incoming?.socket;
  return placeOf(socket?.remoteAddress ?? '');
}
