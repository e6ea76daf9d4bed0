import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadConfig as loadWorkerConfig } from '../../activities/runtime/config.ts';
import { loadConfig as loadApiConfig } from '../../api/config.ts';
import { type DatabaseSettings, databaseEnvironment, databaseTls } from '../../db/settings/database.ts';
import { readEnvironment } from '../../db/settings/environment.ts';
import { temporalConnection, temporalEnvironment } from '../../db/settings/temporal.ts';
import { tracingSettings } from '../../db/settings/tracing.ts';
import { type Authority, type Certificate, newAuthority } from '../support/engines/certificates.ts';

let folder: string;
let authority: Authority;
let one: Certificate;
let another: Certificate;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-settings-'));
  authority = await newAuthority('the company');
  [one, another] = await Promise.all([authority.issue('one'), authority.issue('another')]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const DATABASE_URL = 'postgres://holdfast:hidden@db.example:5432/holdfast';
const KEY = Buffer.alloc(32, 7).toString('base64');

async function fileOf(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const databaseOf = (environment: Record<string, string>) => {
  const settings: DatabaseSettings = readEnvironment(databaseEnvironment, { DATABASE_URL, ...environment });
  return databaseTls(settings);
};
const temporalOf = (environment: Record<string, string>) =>
  temporalConnection(readEnvironment(temporalEnvironment, environment));

describe.each([
  ['the API', loadApiConfig],
  ['the worker', loadWorkerConfig],
])('%s', (_, load) => {
  it('takes its secrets from files', async () => {
    const config = load({
      DATABASE_URL_FILE: await fileOf('url', `${DATABASE_URL}\n`),
      HOLDFAST_MASTER_KEY_FILE: await fileOf('master-key', `${KEY}\n`),
      SMTP_URL_FILE: await fileOf('smtp', 'smtps://panel:p%40ss@mail.example:465\r\n'),
      MAIL_FROM: 'orders@panel.example',
    });
    expect(config).toMatchObject({ DATABASE_URL, SMTP_URL: 'smtps://panel:p%40ss@mail.example:465' });
    expect(config.HOLDFAST_MASTER_KEY.toString('base64')).toBe(KEY);
  });

  it('does not start with a secret in both ways, or with a file that is missing, empty or wrong', async () => {
    const least = { DATABASE_URL, HOLDFAST_MASTER_KEY: KEY };
    const wrong = async (environment: Record<string, string>, message: string) => {
      expect(() => load({ ...least, ...environment })).toThrow(message);
      expect(() => load({ ...least, ...environment })).not.toThrow(/hidden/);
    };
    const url = await fileOf('url', DATABASE_URL);
    await wrong({ DATABASE_URL_FILE: url }, 'DATABASE_URL_FILE: DATABASE_URL is set too; set one of the two');
    const missing = join(folder, 'hidden');
    await wrong({ SMTP_URL_FILE: missing }, 'SMTP_URL_FILE: the file cannot be read (ENOENT)');
    await wrong({ TEMPORAL_API_KEY_FILE: await fileOf('empty', '\n') }, 'TEMPORAL_API_KEY_FILE: the file is empty');
    await wrong({ DATABASE_CA_FILE: url }, 'DATABASE_CA: must be a certificate in PEM');
    await wrong({ TEMPORAL_TLS_KEY_FILE: url }, 'TEMPORAL_TLS_KEY: must be a private key in PEM, without a passphrase');
    await wrong({ TEMPORAL_API_KEY: 'hidden key' }, 'TEMPORAL_API_KEY: must be printable ASCII without spaces');
  });
});

describe('TLS to PostgreSQL', () => {
  it('is as sslmode says, and verified where sslmode or a certificate says so', () => {
    for (const mode of ['', '?sslmode=disable', '?sslmode=prefer', '?sslmode=require'])
      expect(databaseOf({ DATABASE_URL: DATABASE_URL + mode })).toBeUndefined();
    for (const mode of ['?sslmode=verify-ca', '?sslmode=verify-full'])
      expect(databaseOf({ DATABASE_URL: DATABASE_URL + mode })).toBeDefined();
    expect(databaseOf({ DATABASE_CA: authority.cert })).not.toHaveProperty('host');
    const DATABASE_CA = authority.cert;
    expect(databaseOf({ DATABASE_URL: 'postgres://u@10.0.0.7/holdfast', DATABASE_CA })).toHaveProperty(
      'host',
      '10.0.0.7',
    );
    expect(databaseOf({ DATABASE_URL: 'postgres://u@[fd00::7]/holdfast', DATABASE_CA })).toHaveProperty(
      'host',
      'fd00::7',
    );
  });

  it('does not begin with settings that contradict each other', () => {
    const { cert, key } = one;
    const at = (query: string) => ({ DATABASE_URL: `${DATABASE_URL}?${query}` });
    expect(() => databaseOf(at('sslmode=verify'))).toThrow('DATABASE_URL: sslmode must be one of disable, prefer,');
    for (const mode of ['disable', 'prefer', 'require'])
      expect(() => databaseOf({ ...at(`sslmode=${mode}`), DATABASE_CA: authority.cert })).toThrow(
        'DATABASE_URL: with DATABASE_CA or DATABASE_CERT, sslmode must be verify-full or absent',
      );
    expect(() => databaseOf(at('sslrootcert=/hidden.pem'))).toThrow(
      'DATABASE_URL: has sslrootcert; use DATABASE_CA_FILE',
    );
    expect(() => databaseOf(at('sslkey=/hidden.pem'))).not.toThrow(/hidden/);
    expect(() => databaseOf({ DATABASE_CERT: cert })).toThrow('DATABASE_KEY: is missing; it goes with DATABASE_CERT');
    expect(() => databaseOf({ DATABASE_KEY: key })).toThrow('DATABASE_CERT: is missing; it goes with DATABASE_KEY');
    expect(() => databaseOf({ DATABASE_CERT: cert, DATABASE_KEY: another.key })).toThrow(
      'DATABASE_KEY: is not the key of DATABASE_CERT',
    );
  });
});

describe('TLS to Temporal', () => {
  it('is on when it is asked for, or when a certificate, a name or a key needs it', () => {
    expect(temporalOf({})).toEqual({ address: '127.0.0.1:7233' });
    expect(temporalOf({ TEMPORAL_TLS: 'false' })).toEqual({ address: '127.0.0.1:7233' });
    expect(temporalOf({ TEMPORAL_TLS: 'true' }).tls).toEqual({});
    expect(temporalOf({ TEMPORAL_TLS_SERVER_NAME: 'a.example' }).tls).toEqual({ serverNameOverride: 'a.example' });
    expect(temporalOf({ TEMPORAL_TLS_CERT: one.cert, TEMPORAL_TLS_KEY: one.key }).tls?.clientCertPair).toBeDefined();
    const cloud = temporalOf({ TEMPORAL_API_KEY: 'abc' });
    expect([cloud.tls, cloud.apiKey?.()]).toEqual([{}, 'abc']);
  });

  it('does not begin with settings that contradict each other', () => {
    for (const needs of [{ TEMPORAL_API_KEY: 'hidden' }, { TEMPORAL_TLS_CA: authority.cert }]) {
      expect(() => temporalOf({ TEMPORAL_TLS: 'false', ...needs })).toThrow('TEMPORAL_TLS: is false, but');
      expect(() => temporalOf({ TEMPORAL_TLS: 'false', ...needs })).not.toThrow(/hidden/);
    }
    expect(() => temporalOf({ TEMPORAL_TLS_CERT: one.cert, TEMPORAL_TLS_KEY: another.key })).toThrow(
      'TEMPORAL_TLS_KEY: is not the key of TEMPORAL_TLS_CERT',
    );
    expect(() => temporalOf({ TEMPORAL_TLS_CERT: one.cert })).toThrow('TEMPORAL_TLS_KEY: is missing');
  });
});

describe('headers for the collector', () => {
  const headersOf = (OTEL_EXPORTER_OTLP_HEADERS: string) =>
    readEnvironment(z.object(tracingSettings), { OTEL_EXPORTER_OTLP_HEADERS }).OTEL_EXPORTER_OTLP_HEADERS;

  it('are pairs of name and value', () => {
    expect(headersOf('')).toBeUndefined();
    expect(headersOf('x-api-key=a=b, x-team=panel')).toEqual({ 'x-api-key': 'a=b', 'x-team': 'panel' });
  });

  it('that are wrong stop the process, with a message that does not show them', () => {
    for (const wrong of ['hidden', 'x-api-key=hidden,', 'x api=hidden', 'x-api-key=hid\r\nden']) {
      expect(() => headersOf(wrong)).toThrow('OTEL_EXPORTER_OTLP_HEADERS: must be name=value');
      expect(() => headersOf(wrong)).not.toThrow(/hid/);
    }
  });
});
