/** Escapes text from outside for the place where it is shown: one function for each. */

/** Invisible characters, characters that change the direction of text, and line separators. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]+/gu;

/** An invisible joiner. Between two characters it keeps a renderer from recognising an address. */
const JOINER = '\u2060';

/** Text as one line of Markdown that renders as plain text: no link, image, heading, list, code, HTML or address. */
export function markdownText(text: string): string {
  return (
    text
      .replace(UNSEEN, ' ')
      .replace(/\s+/gu, ' ')
      .trim()
      .replace(/[\\`*_[\]<>&~|$!^{}()]/g, '\\$&')
      // These characters make a list, heading, quotation or table only at the beginning of a line.
      .replace(/^([#+\-=:>]|\d+(?=[.)]))/, (start) => (/^\d/.test(start) ? `${start}${JOINER}` : `\\${start}`))
      // Renderers turn bare addresses into links even when they are escaped.
      .replace(/:(?=\/\/)/g, `:${JOINER}`)
      .replace(/www(?=\.)/gi, `$&${JOINER}`)
      .replace(/@/g, `@${JOINER}`)
  );
}

/** A value as JSON for a plain-text mail. Invisible, direction-changing and line-separating characters are escaped. */
export const mailJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  );

/** Text as one line for a mail header, so that it cannot add headers. */
export const headerText = (text: string): string => text.replace(UNSEEN, ' ').trim();
