import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readIfThere } from '../../dev/files.ts';
import { startNodeProcess } from '../../dev/processes/node-process.ts';
import { identityOf, isAlive, startOf, waitUntilGone } from '../../dev/processes/process-identity.ts';
import type { Running } from '../../dev/processes/server-process.ts';
import { homeAt, prepareHome } from '../../dev/stack/home.ts';
import { endLeftovers, recordProcesses } from '../../dev/stack/process-record.ts';
import type { PartName } from '../../dev/stack/stack.ts';
import { Supervisor } from '../../dev/stack/supervisor.ts';
import { freePort } from '../support/engines/engines.ts';

let root: string;
const lines: string[] = [];
const log = (line: string) => lines.push(line);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'holdfast-supervisor-'));
  await prepareHome(homeAt(root));
  lines.length = 0;
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A start function for a small web server in place of the worker, provider or API. */
async function starter(name: PartName, order: string[]) {
  const port = await freePort();
  const entry = join(root, `${name}.mjs`);
  await writeFile(
    entry,
    `import { createServer } from 'node:http';
    createServer((_, response) => response.end('ok')).listen(${port}, '127.0.0.1');
    process.on('SIGTERM', () => process.exit());`,
  );
  return async (onSpawn: (pid: number) => void): Promise<Running> => {
    const running = await startNodeProcess({
      name,
      entry,
      env: {},
      logFile: join(root, `${name}.log`),
      readyUrl: `http://127.0.0.1:${port}/`,
      onSpawn,
    });
    running.onExit(() => order.push(name));
    return running;
  };
}

describe('the supervisor', () => {
  it('starts what was killed again, reports the new pid, and stops users before what they use', async () => {
    const home = homeAt(root);
    const ends: string[] = [];
    const seen: Array<Partial<Record<PartName, number>>> = [];
    const supervisor = new Supervisor({ log, record: recordProcesses(home), onPids: (pids) => seen.push(pids) });
    const provider = await supervisor.start('provider', await starter('provider', ends));
    const api = await supervisor.start('api', await starter('api', ends));
    expect(supervisor.currentPids).toEqual({ provider: provider.pid, api: api.pid });

    process.kill(api.pid, 'SIGKILL');
    await expect.poll(() => seen.at(-1)?.api, { timeout: 20_000 }).not.toBe(api.pid);
    const renewed = seen.at(-1)?.api ?? 0;
    expect(startOf(renewed)).toBeDefined();
    expect(seen.at(-1)?.provider).toBe(provider.pid);
    expect(JSON.parse(await readFile(home.processesFile, 'utf8'))).toHaveLength(2);

    await supervisor.stop();
    expect(ends).toEqual(['api', 'api', 'provider']);
    expect(startOf(renewed)).toBeUndefined();
    expect(startOf(provider.pid)).toBeUndefined();
    expect(await readIfThere(home.processesFile)).toBeUndefined();
  });

  it('says what a program wrote when it ends before it is ready', async () => {
    const entry = join(root, 'broken.mjs');
    await writeFile(entry, `throw new Error('no master key');`);
    const start = startNodeProcess({
      name: 'worker',
      entry,
      env: {},
      logFile: join(root, 'worker.log'),
      readyUrl: 'http://127.0.0.1:9/',
      onSpawn: () => undefined,
    });
    await expect(start).rejects.toThrow('no master key');
  });
});

describe('after a run that was killed', () => {
  it('what it left behind is ended, and a program that only has the same pid is not', async () => {
    const home = homeAt(root);
    const [left, stranger] = [spawn('sleep', ['600']), spawn('sleep', ['600'])];
    const identities = [identityOf(left.pid ?? 0), identityOf(stranger.pid ?? 0)] as const;
    await mkdir(root, { recursive: true });
    await writeFile(
      home.processesFile,
      JSON.stringify([
        { name: 'worker', ...identities[0] },
        { name: 'api', pid: stranger.pid, started: 'before the last boot' },
      ]),
    );
    await endLeftovers(home, log);
    expect(identities[0] && isAlive(identities[0])).toBe(false);
    expect(identities[1] && isAlive(identities[1])).toBe(true);
    expect(lines.join()).toContain(`worker of an earlier run`);
    expect(await readIfThere(home.processesFile)).toBeUndefined();
    stranger.kill('SIGKILL');
    await once(stranger, 'exit');
  });

  it('the programs end by themselves when the supervisor is gone', async () => {
    const ready = join(root, 'child.mjs');
    await writeFile(ready, `console.log(process.pid); setInterval(() => {}, 1000);`);
    const tether = new URL('../../dev/processes/tether.mjs', import.meta.url).href;
    const supervisor = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { spawn } from 'node:child_process';
        const args = ['--import', ${JSON.stringify(tether)}, ${JSON.stringify(ready)}];
        spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [chunk] = (await once(supervisor.stdout, 'data')) as [Buffer];
    const child = identityOf(Number(chunk.toString()));
    if (!child) throw new Error('the program did not start');
    supervisor.kill('SIGKILL');
    expect(await waitUntilGone(child, 15_000)).toBe(true);
  });
});
