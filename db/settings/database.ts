import { isIP } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { z } from 'zod';
import { WrongEnvironment } from './environment.ts';
import { certificate, pemsOf, privateKey, readPemsAgain, wrongPair } from './pem.ts';
import { optionally, secret, setting, valueOrFile } from './setting.ts';

/** Where PostgreSQL is, and how a process proves itself to it. */
export const databaseSettings = {
  ...valueOrFile(
    'DATABASE_URL',
    setting(
      z.url({ protocol: /^postgres(ql)?$/ }),
      'URL',
      '`postgres://user:password@host:port/database`; API and worker take the role that owns nothing ([operate](operate.md#database-roles))',
      secret,
    ),
  ),
  ...valueOrFile(
    'DATABASE_CA',
    setting(optionally(certificate), 'PEM', 'trusts a server with a certificate of this authority, for its host name'),
  ),
  ...valueOrFile(
    'DATABASE_CERT',
    setting(optionally(certificate), 'PEM', 'client certificate; goes with `DATABASE_KEY`'),
  ),
  ...valueOrFile('DATABASE_KEY', setting(optionally(privateKey), 'PEM', 'key of the client certificate', secret)),
};

/** The environment of a command that needs PostgreSQL alone. */
export const databaseEnvironment = z.object(databaseSettings);
export type DatabaseSettings = z.output<typeof databaseEnvironment>;

/** TLS of a connection to PostgreSQL, as node:tls takes it: the certificate must be of a trusted authority and for the host. */
export interface DatabaseTls {
  /** Read for each new connection. */
  readonly secureContext: SecureContext;
  /** The host, when it is an address: postgres.js passes names only. */
  readonly host?: string;
}

/** The words of libpq. `verify-ca` checks the name too. */
const MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'];
const VERIFYING = ['verify-ca', 'verify-full'];
/** libpq's names of files. postgres.js would send them to the server as settings of the session. */
const OTHER_NAMES = { sslrootcert: 'DATABASE_CA_FILE', sslcert: 'DATABASE_CERT_FILE', sslkey: 'DATABASE_KEY_FILE' };

/**
 * TLS that verifies the server, when there is a certificate among the settings or `sslmode` says so; undefined: the connection is as
 * `sslmode` says. Each new connection takes certificates and key from their files again.
 * @throws WrongEnvironment when settings contradict each other.
 */
export function databaseTls(settings: DatabaseSettings): DatabaseTls | undefined {
  const { hostname, searchParams } = new URL(settings.DATABASE_URL);
  const mode = searchParams.get('sslmode');
  const pems = pemsOf('DATABASE', settings);
  const hasPem = pems.ca !== undefined || pems.cert !== undefined || pems.key !== undefined;
  const wrong = Object.entries(OTHER_NAMES)
    .filter(([name]) => searchParams.has(name))
    .map(([name, variable]) => `DATABASE_URL: has ${name}; use ${variable} instead`);
  if (mode !== null && !MODES.includes(mode)) wrong.push(`DATABASE_URL: sslmode must be one of ${MODES.join(', ')}`);
  else if (mode !== null && hasPem && !VERIFYING.includes(mode))
    wrong.push('DATABASE_URL: with DATABASE_CA or DATABASE_CERT, sslmode must be verify-full or absent');
  const pair = wrongPair('DATABASE', pems);
  if (pair !== undefined) wrong.push(pair);
  if (wrong.length > 0) throw new WrongEnvironment(wrong);
  if (!hasPem && !VERIFYING.includes(mode ?? '')) return undefined;

  let context = createSecureContext(pems);
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    ...(isIP(address) === 0 ? {} : { host: address }),
    get secureContext() {
      try {
        context = createSecureContext(readPemsAgain('DATABASE', settings));
      } catch {
        // A file is being replaced: the certificate is there before its key. The last pair serves until both are.
      }
      return context;
    },
  };
}
