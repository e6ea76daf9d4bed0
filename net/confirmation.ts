import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Base 32 without letters that look like digits (Crockford's). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHARACTERS = 16;

/** An address that is to be confirmed; the id is never given out again. */
export interface Claimed {
  readonly webhook: number;
  readonly email: string;
}

/**
 * What shows that somebody reads mail at an address: 80 bits signed with a key of their own, so that nobody who has not got
 * the mail can know them, and nothing has to be kept. Like `7Q2M-X0VD-9KTB-3HSN`. When they are too old is the database's to say.
 */
export function confirmationCode(masterKey: Buffer, { webhook, email }: Claimed): string {
  const key = Buffer.from(hkdfSync('sha256', masterKey, '', 'holdfast: confirmation of an e-mail address', 32));
  const digest = createHmac('sha256', key).update(`${webhook}:${email}`).digest();
  // 256 is a multiple of 32: every character is as likely as any other.
  const characters = [...digest.subarray(0, CHARACTERS)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return characters.replaceAll(/(.{4})(?=.)/g, '$1-');
}

/** Whether a code, as a person has typed it, is the one. */
export function isConfirmationCode(masterKey: Buffer, claimed: Claimed, typed: string): boolean {
  const plain = (text: string) => Buffer.from(text.toUpperCase().replaceAll(/[\s-]/g, ''));
  const [expected, given] = [plain(confirmationCode(masterKey, claimed)), plain(typed)];
  return expected.length === given.length && timingSafeEqual(expected, given);
}
