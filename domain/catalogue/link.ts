import { LIMITS } from '../limits.ts';
import { matches } from '../text/pattern.ts';
import { isIgnored } from './link-parameters.ts';

/** A link with white space, control characters or anything invisible in it is not one a person meant. */
const UNPRINTABLE = /[\s\p{C}]/u;

/**
 * Whether a service takes this link: an http(s) address with a host, or whatever the service's own pattern says (a
 * pattern is how services for user names are sold). We never open the link.
 */
export function acceptsLink(link: string, pattern: string | null): boolean {
  if (link.length === 0 || link.length > LIMITS.link || UNPRINTABLE.test(link)) return false;
  if (pattern !== null) return matches(pattern, link);
  if (!/^https?:\/\//i.test(link) || !URL.canParse(link)) return false;
  const url = new URL(link);
  return url.hostname !== '' && url.username === '' && url.password === '';
}

/** Whether a service takes this user name: its pattern decides; without one, any name without white space. */
export const acceptsName = (name: string, pattern: string | null): boolean =>
  pattern === null
    ? name.length > 0 && name.length <= LIMITS.link && !UNPRINTABLE.test(name)
    : acceptsLink(name, pattern);

/** What sites put before their host for the same pages. */
const MIRRORS: readonly string[] = ['www.', 'm.', 'mobile.', 'mbasic.', 'touch.'];

/** An address without its scheme. */
const SCHEMELESS = /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?\//i;

/**
 * What a link is for: the same target, however it is written, has one key, and the key of a key is itself. Scheme, usual ports, case
 * of the host, `www.` and `m.`, empty parts of the path, the fragment, the order of parameters, forms of percent-encoding, and parameters that
 * say nothing of the target (`utm_source`, `igsh`; `ignored` are more of them, by a service's own choice) make no other target. The path
 * does, its case included. What is not an address is compared as it is, without case. It is never sent anywhere.
 */
export function linkKey(link: string, ignored: readonly string[] = []): string {
  const url = addressOf(link);
  if (url === undefined || siteOf(url.hostname) === '') {
    const plain = link.toLowerCase();
    return plain === link ? link : linkKey(plain, ignored);
  }
  const site = siteOf(url.hostname);
  const more = new Set(ignored.map((name) => name.toLowerCase()));
  const path = url.pathname.split('/').filter((part) => part !== '');
  const parameters = url.search
    .slice(1)
    .split('&')
    .map(parameterOf)
    .filter(({ name, value }) => name + value !== '' && !isIgnored(site, name, more))
    .map(({ name, value }) => (value === '' ? name : `${name}=${value}`))
    .sort();
  const query = parameters.length === 0 ? '' : `?${parameters.join('&')}`;
  return `https://${site}${portOf(url)}/${path.map(plainPart).join('/')}${query}`;
}

function addressOf(link: string): URL | undefined {
  const whole = SCHEMELESS.test(link) ? `https://${link}` : link;
  return /^https?:\/\//i.test(whole) && URL.canParse(whole) ? new URL(whole) : undefined;
}

/** The host without what mirrors put before it; what is left is a name with a dot, so that `m.me` stays. */
function siteOf(hostname: string): string {
  let [from, to] = [0, hostname.length];
  while (hostname[to - 1] === '.') to -= 1;
  const host = hostname.slice(0, to);
  for (;;) {
    const mirror = MIRRORS.find((each) => host.startsWith(each, from) && host.includes('.', from + each.length));
    if (mirror === undefined) return host.slice(from);
    from += mirror.length;
  }
}

/** The usual ports of both schemes are the same site. */
const portOf = ({ port }: URL): string => (port === '' || port === '80' || port === '443' ? '' : `:${port}`);

/** The two sides of `name=value`; a plus is a space there. */
function parameterOf(pair: string): { readonly name: string; readonly value: string } {
  const text = pair.replaceAll('+', '%20');
  const at = text.indexOf('=');
  const [name, value] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  return { name: plainPart(name), value: plainPart(value) };
}

/** A part of a path or query in the one form that all its forms of percent-encoding have in common. */
function plainPart(part: string): string {
  const encoded = part.replace(/%(?![0-9a-f]{2})/gi, '%25');
  try {
    return encodeURIComponent(decodeURIComponent(encoded).normalize('NFC'));
  } catch {
    // It is not UTF-8.
    return encoded.replace(/%[0-9a-f]{2}/gi, (byte) => byte.toUpperCase());
  }
}
