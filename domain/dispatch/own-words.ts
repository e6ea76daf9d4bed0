/** The texts that a customer gave with an order, in the forms in which a provider's error may quote them. */
export type OwnWords = readonly string[];

/** The shortest text that is cut out: no known error text is shorter than this. */
const SHORTEST = 8;

/** An order's own words, from its link and the other fields of its request. */
export const ownWords = (texts: readonly string[]): OwnWords => [
  ...new Set(
    texts
      .flatMap((text) => text.split('\n'))
      .flatMap((line) => [line, decoded(line)])
      .map((line) => line.trim().toLowerCase())
      .flatMap((line) => [line, line.replace(/^https?:\/\/(www\.)?/, '')])
      .filter(({ length }) => length >= SHORTEST),
  ),
];

function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** A provider's text in lower case, without quotes of the order's own words. A quote may be cut short. */
export const withoutOwnWords = (said: string, own: OwnWords): string => own.reduce(withoutQuotes, said.toLowerCase());

function withoutQuotes(said: string, word: string): string {
  const start = word.slice(0, SHORTEST);
  let [rest, from] = ['', 0];
  for (let at = said.indexOf(start); at !== -1; at = said.indexOf(start, from)) {
    rest += `${said.slice(from, at)} `;
    from = at + SHORTEST;
    while (from < said.length && from - at < word.length && said[from] === word[from - at]) from += 1;
  }
  return rest + said.slice(from);
}
