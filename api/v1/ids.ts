/** The largest id of an account, a service or a provider: an integer of PostgreSQL. */
export const LARGEST_ID = 2_147_483_647;

/** The id in a text; undefined when the text is not an id. */
export const readId = (text: string): number | undefined => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined);

/** The id of an account, key, service, provider or webhook in a text; 0, which none of them has, when the text is not an id. */
export function readSmallId(text: string): number {
  const id = readId(text) ?? 0;
  return id <= LARGEST_ID ? id : 0;
}
