import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../db/client.ts';
import { type DatabaseTls, databaseEnvironment, databaseTls } from '../../db/settings/database.ts';
import { readEnvironment } from '../../db/settings/environment.ts';
import { type Authority, type Certificate, newAuthority } from '../support/engines/certificates.ts';
import { type TlsPostgres, tlsPostgres } from '../support/engines/postgres-tls.ts';

let authority: Authority;
let other: Authority;
let ofLocalhost: Certificate;
let client: Certificate;
let postgres: TlsPostgres;
let folder: string;

beforeAll(async () => {
  [authority, other] = await Promise.all([newAuthority('the company'), newAuthority('another company')]);
  [ofLocalhost, client] = await Promise.all([authority.issue('localhost'), authority.issue('worker')]);
  postgres = await tlsPostgres(ofLocalhost, authority.cert);
  folder = await mkdtemp(join(tmpdir(), 'holdfast-certificates-'));
});
afterAll(async () => {
  await postgres?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});
beforeEach(() => postgres.show(ofLocalhost));

/** What PostgreSQL says about a new connection: the version of TLS, and the serial number of the client's certificate. */
async function sessionOf(url: string, tls: DatabaseTls | undefined): Promise<{ version: string; serial: string }> {
  const sql = connect(url, { name: 'holdfast-test', max: 1, tls });
  try {
    const [session] = await sql<{ version: string; serial: string }[]>`
      select version, client_serial::text as serial from pg_stat_ssl where pid = pg_backend_pid()`;
    if (session === undefined) throw new Error('PostgreSQL does not know its own session');
    return session;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Connects with an environment, and says by which version of TLS. */
async function tlsOf(environment: Record<string, string>): Promise<string> {
  const settings = readEnvironment(databaseEnvironment, environment);
  return (await sessionOf(settings.DATABASE_URL, databaseTls(settings))).version;
}

describe('PostgreSQL over TLS', () => {
  it('is trusted with a certificate of the authority for its host, by name or by address', async () => {
    const DATABASE_CA = authority.cert;
    expect(await tlsOf({ DATABASE_URL: postgres.url('localhost'), DATABASE_CA })).toBe('TLSv1.3');
    expect(await tlsOf({ DATABASE_URL: `${postgres.url('localhost')}?sslmode=verify-full`, DATABASE_CA })).toBe(
      'TLSv1.3',
    );
    await postgres.show(await authority.issue('127.0.0.1'));
    expect(await tlsOf({ DATABASE_URL: postgres.url('127.0.0.1'), DATABASE_CA })).toBe('TLSv1.3');
  });

  it('is refused with a certificate of another authority, or for another host', async () => {
    await expect(tlsOf({ DATABASE_URL: postgres.url('localhost'), DATABASE_CA: other.cert })).rejects.toThrow(
      /certificate/,
    );
    await expect(tlsOf({ DATABASE_URL: `${postgres.url('localhost')}?sslmode=verify-full` })).rejects.toThrow(
      /certificate/,
    );
    await expect(tlsOf({ DATABASE_URL: postgres.url('127.0.0.1'), DATABASE_CA: authority.cert })).rejects.toThrow(
      'does not match certificate',
    );
  });

  it('that wants TLS says so to a process without it', async () => {
    await expect(tlsOf({ DATABASE_URL: postgres.url('localhost') })).rejects.toThrow('no encryption');
    expect(await tlsOf({ DATABASE_URL: `${postgres.url('localhost')}?sslmode=require` })).toBe('TLSv1.3');
  });

  it('that wants a client certificate takes one of its authority, and says what is missing', async () => {
    const least = { DATABASE_URL: postgres.mutualUrl('localhost'), DATABASE_CA: authority.cert };
    expect(await tlsOf({ ...least, DATABASE_CERT: client.cert, DATABASE_KEY: client.key })).toBe('TLSv1.3');
    await expect(tlsOf(least)).rejects.toThrow('connection requires a valid client certificate');
    const stranger = await other.issue('worker');
    // In TLS 1.3 the server reads the certificate after the client has begun to talk: its alert and the end of the connection race.
    await expect(tlsOf({ ...least, DATABASE_CERT: stranger.cert, DATABASE_KEY: stranger.key })).rejects.toThrow(
      /unknown ca|ECONNRESET|EPIPE/,
    );
  });

  it('gets what is in the files at each new connection, and the last good pair while they are being replaced', async () => {
    const file = (name: string) => join(folder, name);
    await Promise.all([
      writeFile(file('url'), `${postgres.mutualUrl('localhost')}\n`),
      writeFile(file('ca.pem'), authority.cert),
      writeFile(file('cert.pem'), client.cert),
      writeFile(file('key.pem'), client.key),
    ]);
    const settings = readEnvironment(databaseEnvironment, {
      DATABASE_URL_FILE: file('url'),
      DATABASE_CA_FILE: file('ca.pem'),
      DATABASE_CERT_FILE: file('cert.pem'),
      DATABASE_KEY_FILE: file('key.pem'),
    });
    const tls = databaseTls(settings);
    const serial = async () => (await sessionOf(settings.DATABASE_URL, tls)).serial;
    const first = await serial();
    const next = await authority.issue('worker');
    await writeFile(file('cert.pem'), next.cert);
    expect(await serial()).toBe(first);
    await writeFile(file('key.pem'), next.key);
    const second = await serial();
    expect(second).not.toBe(first);
    await rm(file('ca.pem'));
    expect(await serial()).toBe(second);
  });
});
