/**
 * Characters that PostgreSQL cannot store (a zero byte, a lone surrogate), other control characters, and characters that are
 * invisible or change the direction of text. The joiner of emojis stays.
 */
const UNSTORABLE = /(?:(?!\u200d)[\p{Cc}\p{Cs}\p{Cf}])+/gu;

/**
 * Makes text from outside storable in PostgreSQL's text and jsonb: one line of at most `most` characters. Every text of a
 * provider or a person passes through here before it is stored.
 */
export const storable = (text: string, most: number): string => text.slice(0, most).replace(UNSTORABLE, ' ').trim();

/** Characters that are stored of a text by a person or a provider. */
const LONGEST_TEXT = 200;

/** A person's or a provider's text, as PostgreSQL can store it. */
export const cleanText = (text: string): string => storable(text, LONGEST_TEXT);
