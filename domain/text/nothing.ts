/**
 * What clients send for an empty value when their programmer forgot to leave the field out: the words for nothing of JavaScript,
 * Python, Java, PHP, Ruby, Go, Lua, Julia and R, and not-a-number.
 */
const WORDS: ReadonlySet<string> = new Set([
  ...['', 'undefined', 'null', 'none', 'nil', 'nan', 'nat', 'nothing', 'na'],
  // Go, Objective-C and C; pandas.
  ...['<nil>', '<null>', '(null)', '<na>'],
]);

/** No word for nothing is longer, quotes and spaces included. */
const LONGEST = 16;

/** Whether a text is empty or a language's word for nothing, in any case, with or without quotes. */
export function saysNothing(text: string): boolean {
  if (text.length > LONGEST) return false;
  const word = text.trim().toLowerCase();
  const [first = '', last] = [word.at(0), word.at(-1)];
  const quoted = word.length >= 2 && first === last && (first === '"' || first === "'");
  return WORDS.has(quoted ? word.slice(1, -1) : word);
}
