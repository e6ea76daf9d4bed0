import { RE2JS } from 're2js';

/**
 * A service's own pattern for its links, in the syntax of RE2: no look-around and no references back, so that matching
 * takes time linear in the length of what customers send, whatever staff have written.
 * @throws Error when it is no such pattern.
 */
const compile = (pattern: string): RE2JS => RE2JS.compile(pattern);

/** Patterns that are kept compiled: of the services whose orders come most often. */
const MOST_KEPT = 200;
const kept = new Map<string, RE2JS>();

function compiled(pattern: string): RE2JS {
  const known = kept.get(pattern) ?? compile(pattern);
  // The one longest not asked for goes first.
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

/** Whether all of the text is what the pattern says. */
export const matches = (pattern: string, text: string): boolean => compiled(pattern).matches(text);
