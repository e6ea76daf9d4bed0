/** How much of a JSON text is read. */
export interface JsonBounds {
  /** Lists and objects inside each other. */
  readonly depth: number;
  /** Commas outside of strings: so many items and fields there are in all its lists and objects, at most one more in each. */
  readonly items: number;
}

export type JsonFault = 'malformed' | 'too_many';

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * What keeps a text from being read as JSON, seen in one pass before anything is made of it. What is made of deeply nested
 * text breaks whatever walks it later, JSON.stringify too.
 */
export function jsonFault(text: string, { depth, items }: JsonBounds): JsonFault | undefined {
  let [open, commas, inString] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) {
      inString = true;
    } else if (code === COMMA) {
      commas += 1;
      if (commas > items) return 'too_many';
    } else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      open += 1;
      if (open > depth) return 'malformed';
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
      open -= 1;
    }
  }
  return undefined;
}

/** A JSON text, with a byte order mark or without, as its value; or why there is none. */
export function readJson(
  text: string,
  bounds: JsonBounds,
): { readonly value: unknown } | { readonly fault: JsonFault } {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const fault = jsonFault(json, bounds);
  if (fault !== undefined) return { fault };
  try {
    return { value: JSON.parse(json) };
  } catch {
    return { fault: 'malformed' };
  }
}
