/**
 * How languages write nothing into a form when their programmer did not think of it: JavaScript, Python, Java and PHP, Ruby
 * and Go and Lua, numbers that are none, Julia, R.
 */
const WORDS: ReadonlySet<string> = new Set([
  ...['', 'undefined', 'null', 'none', 'nil', 'nan', 'nat', 'nothing', 'na'],
  // Of Go, Objective-C and C; of pandas.
  ...['<nil>', '<null>', '(null)', '<na>'],
]);

/** Characters of the longest word, in quotes. */
const LONGEST = 16;

/** Whether a text is a language's word for nothing, in any case, in quotes or without. */
export function saysNothing(text: string): boolean {
  if (text.length > LONGEST) return false;
  const word = text.trim().toLowerCase();
  const [first = '', last] = [word.at(0), word.at(-1)];
  const quoted = word.length >= 2 && first === last && (first === '"' || first === "'");
  return WORDS.has(quoted ? word.slice(1, -1) : word);
}
