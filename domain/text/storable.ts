/**
 * What PostgreSQL cannot hold (a zero byte, half a character), other control characters, and what is not seen or turns the
 * direction of a text around. The joiner of emojis stays.
 */
const UNSTORABLE = /(?:(?!\u200d)[\p{Cc}\p{Cs}\p{Cf}])+/gu;

/**
 * Any text from outside, as PostgreSQL can hold it in text and in jsonb: one line, `most` characters at most. Every word of a
 * provider or a person passes through here before it meets SQL.
 */
export const storable = (text: string, most: number): string => text.slice(0, most).replace(UNSTORABLE, ' ').trim();

/** The longest text that is kept of what a person or a provider wrote. */
const LONGEST_TEXT = 200;

/** What a person or a provider wrote, as PostgreSQL can hold it. */
export const cleanText = (text: string): string => storable(text, LONGEST_TEXT);
