import { type ExecFileException, type ExecFileOptions, execFile } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

export type CommandOptions = Pick<ExecFileOptions, 'cwd' | 'env' | 'uid' | 'gid'> & {
  /** Milliseconds after which the command is killed. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** Called with each line of stdout and stderr. */
  onLine?: (line: string) => void;
};

const TAIL_LINES = 12;
const MOST_OUTPUT = 64 * 1024 * 1024;

/** Runs a program to its end and returns its standard output. Throws with the program's last lines. */
export async function runCommand(file: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { timeoutMs, signal, onLine, ...rest } = options;
  const limits = { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: MOST_OUTPUT } as const;
  const running = promisify(execFile)(file, args, { ...rest, ...limits });
  const { child } = running;
  child.stdin?.end();
  const stop = () => {
    child.kill('SIGKILL');
    // A grandchild may keep the pipes open: don't wait for it.
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  if (onLine) {
    for (const input of [child.stdout, child.stderr]) if (input) createInterface({ input }).on('line', onLine);
  }
  try {
    return (await running).stdout.trimEnd();
  } catch (error) {
    const failure = error as ExecFileException;
    const said = `${failure.stdout ?? ''}\n${failure.stderr ?? ''}`.trim().split('\n').slice(-TAIL_LINES);
    throw new Error([`${file}: ${signal?.aborted ? 'stopped' : reasonOf(failure, timeoutMs)}`, ...said].join('\n'));
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function reasonOf({ killed, code, signal, message }: ExecFileException, timeoutMs: number): string {
  if (killed === true && signal === 'SIGKILL') return `not done after ${Math.round(timeoutMs / 1000)} s`;
  if (signal) return `ended by ${signal}`;
  return typeof code === 'number' ? `ended with code ${code}` : message;
}
