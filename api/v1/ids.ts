/** The largest id of an account, a service or a provider: an integer of PostgreSQL. */
export const LARGEST_ID = 2_147_483_647;

/** An order's or an account's id as somebody wrote it; undefined for what cannot be one. */
export const readId = (text: string): number | undefined => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined);

/** The id of an account, a key, a service, a provider or a webhook; 0, which none of them has, for what cannot be one. */
export function readSmallId(text: string): number {
  const id = readId(text) ?? 0;
  return id <= LARGEST_ID ? id : 0;
}
