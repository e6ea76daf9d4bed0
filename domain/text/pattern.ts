import { RE2JS } from 're2js';

/**
 * Compiles a service's pattern for links, in the syntax of RE2. RE2 has no look-around and no back-references, so that matching
 * takes time linear in the length of what customers send, whatever pattern staff write.
 * @throws Error when the pattern is invalid.
 */
const compile = (pattern: string): RE2JS => RE2JS.compile(pattern);

/** Most compiled patterns in the cache. */
const MOST_KEPT = 200;
const kept = new Map<string, RE2JS>();

function compiled(pattern: string): RE2JS {
  const known = kept.get(pattern) ?? compile(pattern);
  // Move the pattern to the end of the cache: the least recently used one is evicted first.
  kept.delete(pattern);
  kept.set(pattern, known);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  return known;
}

export function isPattern(text: string): boolean {
  try {
    compile(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether the whole text matches the pattern. */
export const matches = (pattern: string, text: string): boolean => compiled(pattern).matches(text);
