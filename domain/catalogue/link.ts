import { LIMITS } from '../limits.ts';
import { matches } from '../text/pattern.ts';
import { isIgnored } from './link-parameters.ts';

/** White space, control characters and invisible characters: a link with one of them is a mistake. */
const UNPRINTABLE = /[\s\p{C}]/u;

/**
 * Whether a service accepts this link. With a pattern, the link must match it; services for user names have one. Without a
 * pattern, it must be an http(s) address with a host and without credentials. Holdfast never opens the link.
 */
export function acceptsLink(link: string, pattern: string | null): boolean {
  if (link.length === 0 || link.length > LIMITS.link || UNPRINTABLE.test(link)) return false;
  if (pattern !== null) return matches(pattern, link);
  if (!/^https?:\/\//i.test(link) || !URL.canParse(link)) return false;
  const url = new URL(link);
  return url.hostname !== '' && url.username === '' && url.password === '';
}

/** Whether a service accepts this user name: it must match the service's pattern, or without one have no white space. */
export const acceptsName = (name: string, pattern: string | null): boolean =>
  pattern === null
    ? name.length > 0 && name.length <= LIMITS.link && !UNPRINTABLE.test(name)
    : acceptsLink(name, pattern);

/** Prefixes of a host under which a site shows the same pages. */
const MIRRORS: readonly string[] = ['www.', 'm.', 'mobile.', 'mbasic.', 'touch.'];

/** Matches an address without its scheme. */
const SCHEMELESS = /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?\//i;

/**
 * The key of a link's target. Links to the same target have the same key, and the key of a key is itself. These make no
 * difference: the scheme, usual ports, the case of the host, `www.` and `m.`, empty path segments, the fragment, the order of
 * parameters, forms of percent-encoding, and ignored parameters (`utm_source`, `igsh`, and those of the service in `ignored`).
 * The path makes a difference, including its case. A text that is not an address is compared without case. The key is only
 * compared, never sent anywhere.
 */
export function linkKey(link: string, ignored: readonly string[] = []): string {
  const url = addressOf(link);
  if (url === undefined || siteOf(url.hostname) === '') {
    const plain = link.toLowerCase();
    return plain === link ? link : linkKey(plain, ignored);
  }
  const site = siteOf(url.hostname);
  const more = new Set(ignored.map((name) => name.toLowerCase()));
  const path = segmentsOf(url.pathname);
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

/** The host without mirror prefixes. The rest must keep a dot, so that `m.me` stays. */
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

/**
 * The segments of a path that are not empty. URL resolves `.` and `..`, but in some Node.js not all: `//.a//.` keeps its last dot.
 */
function segmentsOf(path: string): string[] {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    const plain = segment.replaceAll(/%2e/gi, '.');
    if (plain === '..') segments.pop();
    else if (plain !== '.') segments.push(segment);
  }
  return segments.filter((segment) => segment !== '');
}

/** The port of the key; empty for the usual ports of both schemes. */
const portOf = ({ port }: URL): string => (port === '' || port === '80' || port === '443' ? '' : `:${port}`);

/** Splits `name=value`; a plus is a space. */
function parameterOf(pair: string): { readonly name: string; readonly value: string } {
  const text = pair.replaceAll('+', '%20');
  const at = text.indexOf('=');
  const [name, value] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  return { name: plainPart(name), value: plainPart(value) };
}

/** A part of a path or query with normalised percent-encoding, so that all its forms are equal. */
function plainPart(part: string): string {
  const encoded = part.replace(/%(?![0-9a-f]{2})/gi, '%25');
  try {
    return encodeURIComponent(decodeURIComponent(encoded).normalize('NFC'));
  } catch {
    // The bytes are not UTF-8: only the case of the encoding is normalised.
    return encoded.replace(/%[0-9a-f]{2}/gi, (byte) => byte.toUpperCase());
  }
}
