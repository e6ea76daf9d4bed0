import { LIMITS } from './limits.ts';
import { matches } from './pattern.ts';

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

/** Whether a service takes somebody by this name: whatever its own pattern says, or any name without white space. */
export const acceptsName = (name: string, pattern: string | null): boolean =>
  pattern === null
    ? name.length > 0 && name.length <= LIMITS.link && !UNPRINTABLE.test(name)
    : acceptsLink(name, pattern);

/** Without the slashes at the end; as a pattern it would look for the end at every slash there is. */
function withoutSlashes(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}

/**
 * The same target written in two ways has one key: scheme, case of the host, `www.`, a trailing slash and the fragment do
 * not make another target. What is not an address is compared as it is, without case.
 */
export function linkKey(link: string): string {
  if (!/^https?:\/\//i.test(link) || !URL.canParse(link)) return link.toLowerCase();
  const url = new URL(link);
  const host = url.host.replace(/^www\./, '');
  return `${host}${withoutSlashes(url.pathname)}${url.search}`;
}
