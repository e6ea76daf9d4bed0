import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assertPortsFree, isFree, type Ports, portsOf } from '../../dev/stack/ports.ts';

let folder: string;
/** Rarely used ports, so that other programs on this machine do not affect the test. */
const wanted: Ports = {
  api: 23_000,
  temporal: 23_100,
  ui: 23_200,
  postgres: 23_300,
  provider: 23_400,
  worker: 23_001,
  metrics: 23_500,
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-ports-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function occupy(port: number) {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { free: () => new Promise((resolve) => server.close(resolve)) };
}

describe('ports of a state folder', () => {
  it('are the usual ones where these are free, and the next free one where not', async () => {
    const other = await occupy(wanted.api);
    const ports = await portsOf(join(folder, 'ports.json'), folder, wanted);
    await other.free();
    expect(ports.api).toBeGreaterThan(wanted.api);
    expect(await isFree(ports.api)).toBe(true);
    expect(new Set(Object.values(ports)).size).toBe(7);
  });

  it('stay the same even when a usual one has become free since', async () => {
    const other = await occupy(wanted.temporal);
    const first = await portsOf(join(folder, 'ports.json'), folder, wanted);
    await other.free();
    expect(await portsOf(join(folder, 'ports.json'), folder, wanted)).toEqual(first);
  });

  it('that an older version did not know are chosen beside those that were kept', async () => {
    const file = join(folder, 'ports.json');
    const { metrics, ...older } = await portsOf(file, folder, wanted);
    await writeFile(file, JSON.stringify(older));
    expect(await portsOf(join(folder, 'another.json'), folder, wanted)).not.toMatchObject(older);
    expect(await portsOf(file, folder, wanted)).toEqual({ ...older, metrics: expect.any(Number) });
    expect(metrics).toBe(wanted.metrics);
  });

  it('are never those of another state folder, though nothing runs there now', async () => {
    const [one, two] = await Promise.all([
      portsOf(join(folder, 'one.json'), folder, wanted),
      portsOf(join(folder, 'two.json'), folder, wanted),
    ]);
    const shared = Object.values(one).filter((port) => Object.values(two).includes(port));
    expect(shared).toEqual([]);
  });

  it('are free again for a new state folder once the old one is gone', async () => {
    const first = await portsOf(join(folder, 'one.json'), folder, wanted);
    await rm(join(folder, 'one.json'));
    expect(await portsOf(join(folder, 'two.json'), folder, wanted)).toEqual(first);
  });

  it('that somebody else took are named, with the file to change', async () => {
    const file = join(folder, 'ports.json');
    const ports = await portsOf(file, folder, wanted);
    const other = await occupy(ports.provider);
    const refusal = assertPortsFree({ provider: ports.provider }, file);
    await expect(refusal).rejects.toThrow(new RegExp(`${ports.provider} \\(provider\\).*${file}`));
    await other.free();
    await expect(assertPortsFree({ provider: ports.provider }, file)).resolves.toBeUndefined();
  });
});
