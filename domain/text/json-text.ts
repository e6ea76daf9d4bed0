/** The limits of a JSON text that is read. */
export interface JsonBounds {
  /** Nesting depth of lists and objects. */
  readonly depth: number;
  /** Commas outside of strings. They bound the items and fields: each list or object has at most one more than its commas. */
  readonly items: number;
}

export type JsonFault = 'malformed' | 'too_many';

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Checks a JSON text against the limits in one pass, before it is parsed; undefined when it keeps them. A deeply nested value
 * would overflow the stack of code that walks it later, such as JSON.stringify.
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

/** Parses a JSON text, with or without a byte order mark. Returns its value, or the fault. */
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
