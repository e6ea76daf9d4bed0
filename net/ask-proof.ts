import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** A message that an update takes to an order's workflow. The proof covers every field of the message except `proof`. */
export interface AskedOfOrder {
  readonly orderId: number;
  /** The name of the update. */
  readonly update: string;
  readonly message: object;
}

/**
 * A proof that the API sent this very message to this order, valid until `until`, in milliseconds since 1970. A person who can
 * read the order's history can read the proof too, so an order takes each proof once.
 */
export function proofOf(masterKey: Buffer, asked: AskedOfOrder, until: number): string {
  return signed(masterKey, asked, `${String(until).padStart(13, '0')}.${randomBytes(12).toString('base64url')}`);
}

/** Whether the proof shows that the API sent this message. */
export function isProved(masterKey: Buffer, asked: AskedOfOrder, proof: string, at: number): boolean {
  const [until = '', nonce = ''] = proof.split('.');
  const expected = Buffer.from(signed(masterKey, asked, `${until}.${nonce}`));
  const given = Buffer.from(proof);
  return Number(until) >= at && expected.length === given.length && timingSafeEqual(expected, given);
}

function signed(masterKey: Buffer, { orderId, update, message }: AskedOfOrder, head: string): string {
  const key = Buffer.from(hkdfSync('sha256', masterKey, '', 'holdfast: what the API asks of an order', 32));
  const fields = Object.entries(message)
    .filter(([name, value]) => name !== 'proof' && value !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const mac = createHmac('sha256', key).update(JSON.stringify([head, orderId, update, fields]));
  return `${head}.${mac.digest('base64url')}`;
}
