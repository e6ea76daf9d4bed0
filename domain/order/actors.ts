/** The names of actors in an order's timeline, its details and the audit log. */

/** The prefix of actors from the Temporal UI: staff, who typed their name. */
export const TEMPORAL_UI = 'staff (Temporal UI)';

export const actorOfUi = (by: string): string => `${TEMPORAL_UI}: ${by}`;

export const isActorOfUi = (actor: string): boolean => actor === TEMPORAL_UI || actor.startsWith(`${TEMPORAL_UI}: `);

/** Whether an actor is the customer, as the API names them. */
export const isCustomer = (actor: string): boolean => /^account \d+$/.test(actor);

/** Most characters of a typed name: with its prefix it stays below the limit of a stored text. */
export const NAME_TYPED = 120;

/** First words of the names of customers, providers, the API and Holdfast itself. */
const RESERVED = ['account', 'customer', 'system', 'provider', 'staff', 'api', 'holdfast', 'temporal', 'proof'];

/** Characters that look like Latin letters. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  а: 'a',
  α: 'a',
  ɑ: 'a',
  с: 'c',
  ϲ: 'c',
  ԁ: 'd',
  ԛ: 'q',
  е: 'e',
  ε: 'e',
  ҽ: 'e',
  ƒ: 'f',
  ғ: 'f',
  һ: 'h',
  і: 'i',
  ι: 'i',
  ı: 'i',
  ɩ: 'i',
  ⅰ: 'i',
  ӏ: 'l',
  ʟ: 'l',
  м: 'm',
  ո: 'n',
  п: 'n',
  η: 'n',
  ν: 'v',
  о: 'o',
  ο: 'o',
  օ: 'o',
  σ: 'o',
  р: 'p',
  ρ: 'p',
  г: 'r',
  ѕ: 's',
  т: 't',
  τ: 't',
  υ: 'u',
  и: 'u',
  ս: 'u',
  ц: 'u',
  ѵ: 'v',
  ԝ: 'w',
  х: 'x',
  χ: 'x',
  у: 'y',
  γ: 'y',
  ү: 'y',
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  $: 's',
  '@': 'a',
  '|': 'i',
  '!': 'i',
};

/** A name as a hurried reader sees it: only letters, in one script and case. */
const asRead = (text: string): string =>
  [...text.normalize('NFKD').toLowerCase()]
    .map((letter) => LOOK_ALIKES[letter] ?? letter)
    .join('')
    .replace(/[^a-z]/g, '')
    .replaceAll('l', 'i');

const RESERVED_AS_READ = RESERVED.map(asRead);

/**
 * Whether a typed name reads like the name of a customer, a provider, the API or Holdfast itself, in any case, spacing or
 * look-alike letters. A longer name may begin with the letters of a reserved word ("Proofrock"), but not with the word itself.
 */
export function isReservedName(by: string): boolean {
  const folded = by.normalize('NFKC');
  const words = folded.split(/[\s\p{P}\p{S}\p{C}_]+/u).filter((word) => word !== '');
  const first = asRead(words[0] ?? '');
  const digits = /^([^\d]+)\d+$/u.exec(words[0] ?? '');
  const all = asRead(folded);
  return RESERVED_AS_READ.some(
    (name) =>
      first === name || (digits !== null && asRead(digits[1] ?? '') === name) || all === name || isSpaced(words, name),
  );
}

/** Whether the words spell the reserved name with spaces in it: `a c c o u n t 7`. */
function isSpaced(words: readonly string[], name: string): boolean {
  let read = '';
  for (const word of words) {
    read += asRead(word);
    if (read === name) return true;
    if (!name.startsWith(read)) return false;
  }
  return false;
}
