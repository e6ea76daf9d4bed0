import { lookup, Resolver } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The part of IPv6 that is assigned; outside of it are forms like `::7f00:1` that no other list names. */
const ASSIGNED_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Whether an address is public: not loopback, private, link-local, or of another special use. */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  return address.range() === 'unicast' && (address instanceof ipaddr.IPv4 || address.match(ASSIGNED_IPV6));
}

/** All addresses of a name. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** Asks the name servers directly: the system's own look-up blocks one of a few threads until a slow server answers. */
const resolveByDns: Resolve = async (name) => {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  return found.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
};

/** The machine's own look-up, its hosts file included. */
const resolveBySystem: Resolve = async (name) => (await lookup(name, { all: true })).map(({ address }) => address);

export interface GuardOptions {
  /** Loopback and private addresses are allowed: a stack on one machine. */
  readonly allowLoopback: boolean;
  /** Plain http is refused; default false. */
  readonly httpsOnly?: boolean;
  readonly resolve?: Resolve;
}

interface Refused {
  readonly kind: 'refused';
  readonly why: string;
}

/** Where a request may go, or why it may not. */
export type Target = { readonly kind: 'address'; readonly address: string } | Refused;

const refused = (why: string): Refused => ({ kind: 'refused', why });

const NOT_FOUND = 'has a host name that cannot be resolved';
const NOT_PUBLIC = 'is not a public address';
const NOT_HTTPS = 'is not an https address';

/** The refusals as codes for a log, without the address. */
const CODES: Readonly<Record<string, string>> = {
  [NOT_FOUND]: 'ADDRESS_NOT_FOUND',
  [NOT_PUBLIC]: 'ADDRESS_NOT_PUBLIC',
  [NOT_HTTPS]: 'ADDRESS_NOT_HTTPS',
};

function whyNotForm(text: string, httpsOnly: boolean): string | undefined {
  if (!URL.canParse(text)) return 'must be an address like https://example.com/path';
  const url = new URL(text);
  if (httpsOnly && url.protocol !== 'https:') return NOT_HTTPS;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'must be an http or https address';
  return url.username !== '' || url.password !== '' ? 'must not contain a user or a password' : undefined;
}

/**
 * The addresses to connect to for a URL from outside. A name is looked up once, and every one of its addresses must be public. A
 * caller that connects to a returned address, without another look-up, cannot be sent elsewhere by a second answer.
 */
async function findTargets(
  text: string,
  { allowLoopback, httpsOnly = false, resolve = allowLoopback ? resolveBySystem : resolveByDns }: GuardOptions,
): Promise<{ readonly kind: 'addresses'; readonly addresses: readonly string[] } | Refused> {
  const why = whyNotForm(text, false);
  if (why !== undefined) return refused(why);
  // The URL's own parser has turned every spelling of an IPv4 address into four decimal numbers.
  const host = new URL(text).hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const addresses = ipaddr.isValid(host) ? [host] : await resolve(host).catch((): readonly string[] => []);
  if (addresses.length === 0) return refused(NOT_FOUND);
  if (!allowLoopback && !addresses.every(isPublicAddress)) return refused(NOT_PUBLIC);
  if (httpsOnly && new URL(text).protocol !== 'https:') return refused(NOT_HTTPS);
  return { kind: 'addresses', addresses };
}

/** One of the addresses to connect to; see findTargets. */
export async function findTarget(text: string, options: GuardOptions): Promise<Target> {
  const targets = await findTargets(text, options);
  if (targets.kind === 'refused') return targets;
  const [address] = targets.addresses;
  return address === undefined ? refused(NOT_FOUND) : { kind: 'address', address };
}

/**
 * Checks a URL for one connection. `lookup` is for the connector: it answers with the checked address, whatever name servers say
 * by then, and TLS and the Host header still use the name. A literal address is never looked up.
 */
export async function checkConnection(
  text: string,
  options: GuardOptions,
): Promise<
  { readonly kind: 'checked'; readonly lookup: LookupFunction } | { readonly kind: 'refused'; readonly code: string }
> {
  const targets = await findTargets(text, options);
  if (targets.kind === 'refused') return { kind: 'refused', code: CODES[targets.why] ?? 'ADDRESS_INVALID' };
  const found = targets.addresses.map((address) => ({ address, family: isIP(address) }));
  const lookup: LookupFunction = (_, { all }, done) => {
    const [first] = found;
    if (all === true) done(null, found);
    else if (first !== undefined) done(null, first.address, first.family);
  };
  return { kind: 'checked', lookup };
}

/** Why we must not send requests to an address from outside; undefined when we may. */
export async function whyNotUrl(text: string, options: GuardOptions): Promise<string | undefined> {
  const why = whyNotForm(text, options.httpsOnly ?? false);
  // In a stack on one machine, perhaps only the sending process can resolve the name.
  if (why !== undefined || options.allowLoopback) return why;
  const target = await findTarget(text, options);
  return target.kind === 'refused' ? target.why : undefined;
}
