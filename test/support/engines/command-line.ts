import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../../cli/holdfast.mjs', import.meta.url));

/** How a command line ended, and what it wrote. */
export interface Ended {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `holdfast` as a process of its own with this environment, beside a PATH. Nothing is a terminal. */
export function holdfast(
  argv: readonly string[],
  { env, input = '' }: { readonly env: Readonly<Record<string, string>>; readonly input?: string },
): Promise<Ended> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [BIN, ...argv], { env: { PATH, HOLDFAST_HOME: '/nowhere', ...env } });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit) => resolve({ exit, out, err }));
  });
}
