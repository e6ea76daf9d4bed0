import { type SpawnOptions, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export type CommandOptions = Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'> & {
  /** The command is killed after this many milliseconds. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** Each line of output, of both streams. */
  onLine?: (line: string) => void;
};

const TAIL_LINES = 12;
const DRAIN_MS = 1_000;

/** Runs a program to its end and returns its standard output. Fails with the last lines it wrote. */
export function runCommand(file: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { timeoutMs, signal, onLine, ...spawnOptions } = options;
  return new Promise((resolve, reject) => {
    const tail: string[] = [];
    const output: string[] = [];
    const child = spawn(file, args, { ...spawnOptions, stdio: ['ignore', 'pipe', 'pipe'] });
    const fail = (why: string) => reject(new Error([`${file}: ${why}`, ...tail].join('\n')));
    const kill = () => child.kill('SIGKILL');
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      kill();
    }, timeoutMs);
    signal?.addEventListener('abort', kill, { once: true });
    if (signal?.aborted) kill();
    const read = (line: string) => {
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
      onLine?.(line);
    };
    createInterface({ input: child.stdout }).on('line', (line) => {
      output.push(line);
      read(line);
    });
    createInterface({ input: child.stderr }).on('line', read);
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', kill);
    };
    child.once('error', (error) => {
      settle();
      fail(error.message);
    });
    // A grandchild may keep the pipes open after a kill: the end of output is awaited, but not for long.
    child.once('exit', (code, killedBy) => {
      settle();
      const finish = () => {
        if (timedOut) fail(`not done after ${Math.round(timeoutMs / 1000)} s`);
        else if (code === 0) resolve(output.join('\n'));
        else fail(killedBy ? `ended by ${killedBy}` : `ended with code ${code}`);
      };
      const drained = setTimeout(finish, DRAIN_MS);
      child.once('close', () => {
        clearTimeout(drained);
        finish();
      });
    });
  });
}
