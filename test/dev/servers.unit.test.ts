import { execFile } from 'node:child_process';
import { cp, lstat, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { binariesOf, copyPackage, postgresPackage } from '../../dev/postgres/binaries.ts';
import { runCommand } from '../../dev/processes/command.ts';
import { startOf } from '../../dev/processes/process-identity.ts';
import { type ServerOptions, startServer } from '../../dev/processes/server-process.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-servers-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Options of a server that runs this Node.js program. */
const server = (program: string, more: Partial<ServerOptions> = {}): ServerOptions => ({
  name: 'the server',
  file: process.execPath,
  args: ['-e', program],
  answers: async () => false,
  readyLimitMs: 30_000,
  stopSteps: [['SIGKILL', 5_000]],
  ...more,
});

describe('a server that fails to start', () => {
  it('is reported with what it wrote, with a log file or without', async () => {
    const fails = `console.error('no port is left'); process.exit(3)`;
    await expect(startServer(server(fails))).rejects.toThrow(/the server ended before it was ready.*no port is left/s);
    const logFile = join(folder, 'server.log');
    await expect(startServer(server(fails, { logFile }))).rejects.toThrow(/from .*server\.log.*no port is left/s);
  });

  it('is reported with the reason when there is no such program', async () => {
    await expect(startServer(server('', { file: join(folder, 'missing') }))).rejects.toThrow(
      /the server could not be started.*ENOENT/s,
    );
  });

  it('is ended when it does not answer in time', async () => {
    let pid = 0;
    const silent = server('setInterval(() => {}, 1000)', { readyLimitMs: 1, onSpawn: (its) => (pid = its) });
    await expect(startServer(silent)).rejects.toThrow('the server was not ready after 0.001 s');
    expect(pid).toBeGreaterThan(0);
    expect(startOf(pid)).toBeUndefined();
  });
});

describe('a command', () => {
  it('gives its output, and each line as it is written', async () => {
    const lines: string[] = [];
    const program = `console.log('one'); console.error('two'); console.log('three')`;
    const output = await runCommand(process.execPath, ['-e', program], {
      timeoutMs: 30_000,
      onLine: (line) => lines.push(line),
    });
    expect(output).toBe('one\nthree');
    expect(lines.sort()).toEqual(['one', 'three', 'two']);
  });

  it('that fails says how it ended and what it wrote last', async () => {
    const fails = runCommand(process.execPath, ['-e', `console.error('no room'); process.exit(7)`], {
      timeoutMs: 30_000,
    });
    await expect(fails).rejects.toThrow(/ended with code 7\nno room$/);
  });

  it('that takes too long, or is stopped, is ended though its own child holds the pipes', async () => {
    const child = `require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'inherit' })`;
    const children: number[] = [];
    const run = (timeoutMs: number, stopped?: AbortController) =>
      runCommand(process.execPath, ['-e', `console.log(${child}.pid)`], {
        timeoutMs,
        signal: stopped?.signal,
        onLine: (line) => {
          children.push(Number(line));
          stopped?.abort();
        },
      });
    try {
      await expect(run(3_000)).rejects.toThrow('not done after 3 s');
      await expect(run(30_000, new AbortController())).rejects.toThrow(': stopped');
    } finally {
      for (const pid of children) process.kill(pid, 'SIGKILL');
    }
    expect(children).toHaveLength(2);
  });
});

describe('a copy of PostgreSQL’s package', () => {
  it('has the links of its libraries, which npm leaves out where install scripts are not allowed', async () => {
    const packaged = await postgresPackage();
    const bare = join(folder, 'package');
    await cp(packaged.root, bare, {
      recursive: true,
      filter: async (source) => !source.endsWith('.a') && !(await lstat(source)).isSymbolicLink(),
    });
    const initdb = (root: string) => promisify(execFile)(join(binariesOf(root), 'bin', 'initdb'), ['--version']);
    await expect(initdb(bare)).rejects.toThrow(/cannot open shared object file|Library not loaded/);
    const copy = await copyPackage({ ...packaged, root: bare }, join(folder, 'elsewhere'), () => undefined);
    expect((await initdb(copy)).stdout).toContain('PostgreSQL');
    expect(await copyPackage({ ...packaged, root: '/none' }, join(folder, 'elsewhere'), () => undefined)).toBe(copy);
  });
});
