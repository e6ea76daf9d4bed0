import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Base 32 without letters that look like digits (Crockford's). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHARACTERS = 16;

/** An address to confirm; its webhook's id is never used again. */
export interface Claimed {
  readonly webhook: number;
  readonly email: string;
}

/**
 * The code in a mail to an address, like `7Q2M-X0VD-9KTB-3HSN`: a caller that returns it reads mail at the address. It is 80 bits
 * of a signature, so no copy is stored and only the mail has it. PostgreSQL knows until when it is valid.
 */
export function confirmationCode(masterKey: Buffer, { webhook, email }: Claimed): string {
  const key = Buffer.from(hkdfSync('sha256', masterKey, '', 'holdfast: confirmation of an e-mail address', 32));
  const digest = createHmac('sha256', key).update(`${webhook}:${email}`).digest();
  // 256 is a multiple of 32: every character is as likely as any other.
  const characters = [...digest.subarray(0, CHARACTERS)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return characters.replaceAll(/(.{4})(?=.)/g, '$1-');
}

/** Whether a code, as a person typed it, is right. */
export function isConfirmationCode(masterKey: Buffer, claimed: Claimed, typed: string): boolean {
  const plain = (text: string) => Buffer.from(text.toUpperCase().replaceAll(/[\s-]/g, ''));
  const [expected, given] = [plain(confirmationCode(masterKey, claimed)), plain(typed)];
  return expected.length === given.length && timingSafeEqual(expected, given);
}
