import { createPrivateKey, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { readFileText } from './environment.ts';

function parses(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}

/** One or more certificates in PEM. */
export const certificate = z
  .string()
  .refine((text) => parses(() => new X509Certificate(text)), 'must be a certificate in PEM');

/** A private key in PEM. */
export const privateKey = z
  .string()
  .refine((text) => parses(() => createPrivateKey(text)), 'must be a private key in PEM, without a passphrase');

/** A certificate authority to trust, and a certificate to show with its key; all in PEM. */
export interface Pems {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** Settings of a connection's TLS that share a prefix, such as DATABASE_CA, DATABASE_CERT and DATABASE_KEY. */
type PemSettings<P extends string> = {
  readonly [K in `${P}_${'CA' | 'CERT' | 'KEY'}${'' | '_FILE'}`]?: string | undefined;
};

/**
 * What is wrong with a certificate and its key, in a line that names a variable. A key of another certificate would otherwise show
 * itself only when the server closes the connection.
 */
export function wrongPair(prefix: string, { cert, key }: Pems): string | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (key === undefined) return `${prefix}_KEY: is missing; it goes with ${prefix}_CERT`;
  if (cert === undefined) return `${prefix}_CERT: is missing; it goes with ${prefix}_KEY`;
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
    return `${prefix}_KEY: is not the key of ${prefix}_CERT`;
  return undefined;
}

/** The settings as they were read at the start. */
export const pemsOf = <P extends string>(prefix: P, settings: PemSettings<P>): Pems => ({
  ca: settings[`${prefix}_CA`],
  cert: settings[`${prefix}_CERT`],
  key: settings[`${prefix}_KEY`],
});

/**
 * The settings as their files are now.
 * @throws Error when a file cannot be read or has no PEM, and when key and certificate do not fit.
 */
export function readPemsAgain<P extends string>(prefix: P, settings: PemSettings<P>): Pems {
  const now = (name: 'CA' | 'CERT' | 'KEY'): string | undefined => {
    const path = settings[`${prefix}_${name}_FILE`];
    if (path === undefined) return settings[`${prefix}_${name}`];
    return (name === 'KEY' ? privateKey : certificate).parse(readFileText(path));
  };
  const pems = { ca: now('CA'), cert: now('CERT'), key: now('KEY') };
  const wrong = wrongPair(prefix, pems);
  if (wrong !== undefined) throw new Error(wrong);
  return pems;
}
