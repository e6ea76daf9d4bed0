import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Signatures per Standard Webhooks 1.0.0 (https://github.com/standard-webhooks/standard-webhooks): `webhook-signature` holds
 * `v1,<base64>` once or several times, separated by spaces; each is the HMAC-SHA256 of `<id>.<timestamp>.<body>`.
 */
export interface Message {
  readonly id: string;
  /** Seconds since 1970, as text. */
  readonly timestamp: string;
  readonly body: Uint8Array;
}

export interface Signed extends Message {
  readonly signature: string;
}

/** How far a timestamp may be from now, in seconds, either way. */
const TOLERANCE = 300;

const PREFIX = 'whsec_';

/** The bytes of a secret, written as `whsec_` and 24 to 64 bytes in base64; undefined when the text is not a secret. */
export function readSecret(text: string): Buffer | undefined {
  if (!text.startsWith(PREFIX)) return undefined;
  const encoded = text.slice(PREFIX.length);
  const bytes = Buffer.from(encoded, 'base64');
  const isWhole = /^[A-Za-z0-9+/]+={0,2}$/.test(encoded) && bytes.toString('base64') === encoded;
  return isWhole && bytes.length >= 24 && bytes.length <= 64 ? bytes : undefined;
}

/** A new secret of 32 random bytes, as text. */
export const newSecret = (): string => `${PREFIX}${randomBytes(32).toString('base64')}`;

/** Whether a timestamp is recent. */
export const isRecent = (timestamp: string, nowMs: number): boolean =>
  /^\d{1,15}$/.test(timestamp) && Math.abs(nowMs / 1_000 - Number(timestamp)) <= TOLERANCE;

const signatureOf = (secret: Buffer, { id, timestamp, body }: Message): string =>
  `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;

/** The signatures of a message with each of these secrets; while a secret is being changed there are two. */
export const signWith = (secrets: readonly Buffer[], message: Message): string =>
  secrets.map((secret) => signatureOf(secret, message)).join(' ');

/** Whether one of the signatures is this secret's, in constant time. */
export function isSignedWith(secret: Buffer, { signature, ...message }: Signed): boolean {
  const expected = Buffer.from(signatureOf(secret, message));
  let found = false;
  for (const one of signature.split(' ')) {
    const given = Buffer.from(one);
    found = (given.length === expected.length && timingSafeEqual(given, expected)) || found;
  }
  return found;
}
