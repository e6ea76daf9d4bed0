/** The largest id of an account, a service or a provider: an integer of PostgreSQL. */
export const LARGEST_ID = 2_147_483_647;

/** An order's or an account's id as somebody wrote it; undefined for what cannot be one. */
export const readId = (text: string): number | undefined => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined);
