/** A line of a text. `number` counts from 1 and includes empty lines. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

const [LINE_FEED, CARRIAGE_RETURN] = [0x0a, 0x0d];

/**
 * The first `most` non-blank lines of a text, trimmed. To find that a list is longer than 100, read 101. Line ends of any system
 * work. A blank line allocates nothing, so that a million blank lines cost little.
 */
export function linesIn(text: string, most: number): Line[] {
  const lines: Line[] = [];
  let [number, begin] = [1, 0];
  for (let at = 0; at <= text.length && lines.length < most; at += 1) {
    const code = at === text.length ? LINE_FEED : text.charCodeAt(at);
    if (code !== LINE_FEED && code !== CARRIAGE_RETURN) continue;
    const line = at === begin ? '' : text.slice(begin, at).trim();
    if (line !== '') lines.push({ number, text: line });
    if (code === CARRIAGE_RETURN && text.charCodeAt(at + 1) === LINE_FEED) at += 1;
    number += 1;
    begin = at + 1;
  }
  return lines;
}
