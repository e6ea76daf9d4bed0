import { randomBytes } from 'node:crypto';
import { chmod, chown, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '../../../db/client.ts';
import { runCommand } from '../../../dev/processes/command.ts';
import { newAuthority } from '../engines/certificates.ts';
import { PROJECT } from '../reads/compose-file.ts';
import type { Machine } from './machine.ts';
import { PROXY_USER, type Settings } from './processes.ts';
import { proxyConf } from './service-programs.ts';

const password = (): string => randomBytes(24).toString('hex');

/** What an operator decides and prepares before the first `docker compose up`. */
export interface Prepared {
  readonly dotEnv: Settings;
  readonly masterKey: Buffer;
  /** Of the user `staff` in the Temporal UI. */
  readonly uiPassword: string;
  /** The authority of the proxy's certificate. */
  readonly ca: string;
}

/** Writes .env and the proxy's files, and makes what the images of PostgreSQL make at their first start. */
export async function prepare(machine: Machine, settings: Settings, uiAddress: string): Promise<Prepared> {
  const masterKey = randomBytes(32);
  const uiPassword = password();
  const uiHash = await runCommand('openssl', ['passwd', '-6', uiPassword], { timeoutMs: 10_000 });
  const dotEnv = {
    POSTGRES_PASSWORD: password(),
    POSTGRES_APP_PASSWORD: password(),
    TEMPORAL_POSTGRES_PASSWORD: password(),
    HOLDFAST_MASTER_KEY: masterKey.toString('base64'),
    CURRENCY: 'USD',
    UI_LOGIN: `staff:${uiHash.trim()}`,
    ...settings,
  };
  await makeUsers(machine.postgres.value, dotEnv);
  return { dotEnv, masterKey, uiPassword, ca: await layFiles(machine, uiAddress) };
}

interface Passwords {
  readonly POSTGRES_PASSWORD: string;
  readonly TEMPORAL_POSTGRES_PASSWORD: string;
}

async function makeUsers(url: string, { POSTGRES_PASSWORD, TEMPORAL_POSTGRES_PASSWORD }: Passwords): Promise<void> {
  const admin = connect(url, { name: 'holdfast-test', max: 1 });
  await admin.unsafe(`create role holdfast superuser login password '${POSTGRES_PASSWORD}'`);
  await admin.unsafe(`create role temporal superuser login password '${TEMPORAL_POSTGRES_PASSWORD}'`);
  await admin.unsafe('create database holdfast owner holdfast');
  await admin.end();
}

/** The mounted files, and a certificate for 127.0.0.1. Returns its authority. */
async function layFiles(machine: Machine, uiAddress: string): Promise<string> {
  const { folder } = machine.places;
  const authority = await newAuthority('installation');
  const { cert, key } = await authority.issue('127.0.0.1');
  await mkdir(join(folder, 'tls'));
  await mkdir(join(folder, 'tmp'));
  await chmod(join(folder, 'tmp'), 0o777);
  await writeFile(join(folder, 'tls/fullchain.pem'), cert);
  await writeFile(join(folder, 'tls/privkey.pem'), key, { mode: 0o600 });
  if (PROXY_USER !== undefined) await chown(join(folder, 'tls/privkey.pem'), PROXY_USER.uid, PROXY_USER.gid);
  const conf = await readFile(join(PROJECT, 'ops/proxy.conf'), 'utf8');
  await writeFile(join(folder, 'proxy.conf'), proxyConf(conf, machine, uiAddress));
  await copyFile(join(PROJECT, 'ops/temporal-settings.yaml'), join(folder, 'settings.yaml'));
  return authority.cert;
}
