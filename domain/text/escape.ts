/** Text from outside, made harmless for what it is shown in: one function for each target. */

/** Characters that are not seen, or turn the direction of what follows; a line that ends. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]+/gu;

/** Nothing that is shown between two characters, and keeps a renderer from seeing an address in them. */
const JOINER = '\u2060';

/** Text as Markdown that renders as that text alone, on one line: no link, image, heading, list, code, HTML or address. */
export function markdownText(text: string): string {
  return (
    text
      .replace(UNSEEN, ' ')
      .replace(/\s+/gu, ' ')
      .trim()
      .replace(/[\\`*_[\]<>&~|$!^{}()]/g, '\\$&')
      // What makes a list, a heading, a quotation or a line of a table is that only where a line begins.
      .replace(/^([#+\-=:>]|\d+(?=[.)]))/, (start) => (/^\d/.test(start) ? `${start}${JOINER}` : `\\${start}`))
      // Renderers make links of bare addresses, whether they are escaped or not.
      .replace(/:(?=\/\/)/g, `:${JOINER}`)
      .replace(/www(?=\.)/gi, `$&${JOINER}`)
      .replace(/@/g, `@${JOINER}`)
  );
}

/** A value as JSON in a plain-text mail: nothing in it is unseen, turns the direction of the text, or ends a line. */
export const mailJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  );

/** Text in a header of a mail: one line, whatever is in it. */
export const headerText = (text: string): string => text.replace(UNSEEN, ' ').trim();
