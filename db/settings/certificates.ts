import { X509Certificate } from 'node:crypto';
import type { DatabaseSettings } from './database.ts';
import { type Pems, pemsOf, readPemsAgain } from './pem.ts';
import type { TemporalSettings } from './temporal.ts';

/** When a certificate that the process uses ends, and the setting that it is from. */
export interface CertificateEnd {
  readonly setting: string;
  readonly at: Date;
}

/** The ends of the certificates in use. Connections to PostgreSQL take theirs from the files again, those to Temporal do not. */
export function certificateEnds(settings: DatabaseSettings & TemporalSettings): CertificateEnd[] {
  return [...endsOf('DATABASE', databasePems(settings)), ...endsOf('TEMPORAL_TLS', pemsOf('TEMPORAL_TLS', settings))];
}

function databasePems(settings: DatabaseSettings): Pems {
  try {
    return readPemsAgain('DATABASE', settings);
  } catch {
    // A file is being replaced.
    return pemsOf('DATABASE', settings);
  }
}

function endsOf(prefix: string, { ca, cert }: Pems): CertificateEnd[] {
  return [
    // Of several authorities one is enough; of a chain each certificate must be valid.
    ...(ca === undefined ? [] : [{ setting: `${prefix}_CA`, at: new Date(Math.max(...timesOf(ca))) }]),
    ...(cert === undefined ? [] : [{ setting: `${prefix}_CERT`, at: new Date(Math.min(...timesOf(cert))) }]),
  ];
}

const ONE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

const timesOf = (pem: string): number[] =>
  [...pem.matchAll(ONE)].map(([text]) => Date.parse(new X509Certificate(text).validTo));
