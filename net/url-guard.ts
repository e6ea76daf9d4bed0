import { lookup, Resolver } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';

/** All of IPv6 that is given out; outside of it are forms like `::7f00:1` that no other list names. */
const GIVEN_OUT = ipaddr.IPv6.parseCIDR('2000::/3');

/** Whether an address is one of the public internet: not loopback, private, link-local, or anything with a special use. */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  return address.range() === 'unicast' && (address instanceof ipaddr.IPv4 || address.match(GIVEN_OUT));
}

/** All addresses of a name. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** Asks name servers itself: the system's own look-up holds one of few threads for as long as a slow server likes. */
const resolveByDns: Resolve = async (name) => {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  return found.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
};

/** As the machine itself knows names, its hosts file included. */
const resolveBySystem: Resolve = async (name) => (await lookup(name, { all: true })).map(({ address }) => address);

export interface GuardOptions {
  /** Loopback and private addresses are fine: a stack on one machine. */
  readonly allowLoopback: boolean;
  /** Plain http is not; default false. */
  readonly httpsOnly?: boolean;
  readonly resolve?: Resolve;
}

/** Where a request may go, or why it may not. */
export type Target =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'refused'; readonly why: string };

const refused = (why: string): Target => ({ kind: 'refused', why });

function whyNotForm(text: string, httpsOnly: boolean): string | undefined {
  if (!URL.canParse(text)) return 'is not an address';
  const url = new URL(text);
  if (httpsOnly && url.protocol !== 'https:') return 'is not an https address';
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'is not an http or https address';
  return url.username !== '' || url.password !== '' ? 'must not contain a user or a password' : undefined;
}

/**
 * The address to connect to for a URL that somebody gave us. A name is looked up once, and every one of its addresses must
 * be public; who connects to the address returned, and looks nothing up again, cannot be sent elsewhere by a second answer.
 */
export async function findTarget(
  text: string,
  { allowLoopback, httpsOnly = false, resolve = allowLoopback ? resolveBySystem : resolveByDns }: GuardOptions,
): Promise<Target> {
  const why = whyNotForm(text, httpsOnly);
  if (why !== undefined) return refused(why);
  // The URL's own parser has turned every spelling of an IPv4 address into four decimal numbers.
  const host = new URL(text).hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const addresses = ipaddr.isValid(host) ? [host] : await resolve(host).catch((): readonly string[] => []);
  const [address] = addresses;
  if (address === undefined) return refused('has a host name that cannot be resolved');
  if (!allowLoopback && !addresses.every(isPublicAddress)) return refused('is not a public address');
  return { kind: 'address', address };
}

/** Why we must not send requests to an address that somebody gave us; undefined when we may. */
export async function whyNotUrl(text: string, options: GuardOptions): Promise<string | undefined> {
  // On one machine a name may be known only to the process that sends.
  if (options.allowLoopback) return whyNotForm(text, options.httpsOnly ?? false);
  const target = await findTarget(text, options);
  return target.kind === 'refused' ? target.why : undefined;
}
