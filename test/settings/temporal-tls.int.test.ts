import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { connectWorker } from '../../activities/runtime/connection.ts';
import { temporalClient } from '../../api/temporal.ts';
import { readEnvironment } from '../../db/settings/environment.ts';
import { temporalConnection, temporalEnvironment } from '../../db/settings/temporal.ts';
import { askTemporalOnce } from '../../net/ask-temporal.ts';
import { apiProcess } from '../support/engines/api-process.ts';
import { type Authority, type Certificate, newAuthority } from '../support/engines/certificates.ts';
import { type GuardedTemporal, guardedTemporal } from '../support/engines/guarded-temporal.ts';
import { workerProcess } from '../support/engines/worker-process.ts';
import { realWorld } from '../support/worlds/world.ts';

let authority: Authority;
let other: Authority;
let client: Certificate;
let guard: GuardedTemporal;
let folder: string;
/** All that the guard wants, beside a key. */
let right: Record<string, string>;

beforeAll(async () => {
  [authority, other] = await Promise.all([newAuthority('the company'), newAuthority('another company')]);
  client = await authority.issue('worker');
  guard = await guardedTemporal({
    behind: inject('temporalAddress'),
    certificate: await authority.issue('temporal.example'),
    clients: authority.cert,
  });
  folder = await mkdtemp(join(tmpdir(), 'holdfast-certificates-'));
  right = {
    TEMPORAL_ADDRESS: guard.address,
    TEMPORAL_TLS_CA: authority.cert,
    TEMPORAL_TLS_SERVER_NAME: 'temporal.example',
    TEMPORAL_TLS_CERT: client.cert,
    TEMPORAL_TLS_KEY: client.key,
  };
});
afterAll(async () => {
  await guard?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});
beforeEach(() => guard.wantKey(undefined));

const connectionOf = (environment: Record<string, string>) =>
  temporalConnection(readEnvironment(temporalEnvironment, environment));

/** The errors of an API and of a worker that connect with an environment, each with its causes. */
async function errorsOf(environment: Record<string, string>): Promise<string[]> {
  const to = connectionOf(environment);
  const tries = await Promise.allSettled([askTemporalOnce(to), connectWorker(to).then((one) => one.close())]);
  return tries.map((one) =>
    one.status === 'fulfilled' ? 'connected' : `${one.reason.message}: ${one.reason.cause?.message}`,
  );
}

describe('Temporal over TLS', () => {
  it('that wants a client certificate answers API and worker which have one', async () => {
    expect(await errorsOf(right)).toEqual(['connected', 'connected']);
  });

  it('is refused with a certificate of another authority, or for another host', async () => {
    expect(await errorsOf({ ...right, TEMPORAL_TLS_CA: other.cert })).toEqual([
      expect.stringContaining('self-signed certificate in certificate chain'),
      expect.stringMatching(/cannot connect to Temporal over TLS: look at TEMPORAL_ADDRESS.*UnknownIssuer/),
    ]);
    expect(await errorsOf({ ...right, TEMPORAL_TLS_SERVER_NAME: 'other.example' })).toEqual([
      expect.stringContaining('does not match certificate'),
      expect.stringContaining('NotValidForName'),
    ]);
  });

  it('refuses API and worker without a certificate, with that of another authority, and without TLS', async () => {
    const stranger = await other.issue('worker');
    // The server says no after the handshake, and the client may see the closed connection first.
    for (const wrong of [
      { ...right, TEMPORAL_TLS_CERT: '', TEMPORAL_TLS_KEY: '' },
      { ...right, TEMPORAL_TLS_CERT: stranger.cert, TEMPORAL_TLS_KEY: stranger.key },
      { TEMPORAL_ADDRESS: guard.address },
    ])
      expect(await errorsOf(wrong)).toEqual([
        expect.stringMatching(/^14 UNAVAILABLE: /),
        expect.stringMatching(/^cannot connect to Temporal( over TLS)?: look at TEMPORAL_ADDRESS, TEMPORAL_TLS_… /),
      ]);
  });

  it('takes the API key that is in its file now', async () => {
    const file = join(folder, 'api-key');
    await writeFile(file, 'first-key\n');
    guard.wantKey('first-key');
    expect(await errorsOf(right)).toEqual([
      expect.stringContaining('UNAUTHENTICATED: unknown key'),
      expect.stringContaining('unknown key'),
    ]);
    const to = connectionOf({ ...right, TEMPORAL_API_KEY_FILE: file });
    const api = temporalClient(to, 'default').connection;
    const worker = await connectWorker(to);
    const ask = async () => {
      await api.withDeadline(Date.now() + 30_000, () => api.workflowService.getSystemInfo({}));
      await worker.workflowService.getSystemInfo({});
    };
    try {
      await ask();
      guard.wantKey('second-key');
      await expect(ask()).rejects.toThrow('unknown key');
      await writeFile(file, 'second-key\n');
      await worker.setApiKey(to.apiKey?.() ?? '');
      await ask();
      await rm(file);
      await ask();
    } finally {
      await api.close();
      await worker.close();
    }
  });

  it('serves the processes of API and worker, which take certificates and key from files', async () => {
    guard.wantKey('panel-key');
    const env: Record<string, string> = { TEMPORAL_TLS_SERVER_NAME: 'temporal.example' };
    const texts = { TLS_CA: authority.cert, TLS_CERT: client.cert, TLS_KEY: client.key, API_KEY: 'panel-key' };
    for (const [name, text] of Object.entries(texts)) {
      env[`TEMPORAL_${name}_FILE`] = join(folder, name);
      await writeFile(join(folder, name), text);
    }
    const world = await realWorld();
    const processes: { close(): Promise<void> }[] = [];
    try {
      const api = await apiProcess(world, { temporalAddress: guard.address, env });
      processes.push(api);
      await api.start();
      const worker = await workerProcess(world, { temporalAddress: guard.address, env });
      processes.push(worker);
      expect((await fetch(`${api.url}/readyz`)).status).toBe(200);
      const metrics = await (await fetch(`${worker.url}/metrics`)).text();
      const ends = Date.parse(new X509Certificate(client.cert).validTo) / 1_000;
      expect(metrics).toContain(`\nholdfast_certificate_expiry_timestamp_seconds{for="TEMPORAL_TLS_CERT"} ${ends}\n`);
      expect(metrics).toContain('\ntemporal_num_pollers{');
    } finally {
      for (const one of processes) await one.close();
      await world.close();
    }
  });
});
