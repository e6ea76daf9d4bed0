import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { PROJECT, readCompose } from './compose-file.ts';

export const dockerfile = (): string => readFileSync(`${PROJECT}Dockerfile`, 'utf8');

/** The files and folders of the checkout that a stage of the image holds, from its COPY lines; by default the last stage. */
export function copiedPaths(stage = -1): string[] {
  const text =
    dockerfile()
      .split(/^FROM /m)
      .at(stage) ?? '';
  return [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) => sources.split(' '));
}

/** The stage that builds the API and the worker. */
export const BUILDING_STAGE = -2;

/** What it builds from: the API, the worker and its workflows. */
export const BUILT = ['api/server.ts', 'activities/worker.ts', 'workflows/index.ts', 'workflows/tracing.ts'];

/** The programs that run in the image: those of docker-compose.yml, what they are built from, and the commands for operators. */
export function programs(): string[] {
  const started = Object.values(readCompose().services)
    .filter(({ image }) => image.startsWith('holdfast:'))
    .flatMap(({ entrypoint = [], command = [] }) => [...entrypoint, ...command])
    .filter((word) => /\.m?ts$|\.mjs$/.test(word));
  const commands = ['db/commands', 'activities/commands'].flatMap((folder) =>
    readdirSync(`${PROJECT}${folder}`).map((name) => `${folder}/${name}`),
  );
  return [...new Set([...started, ...BUILT, 'cli/main.ts', ...commands])];
}

/** What a module needs when it runs: imports of types alone are erased. */
const IMPORTS = [
  /^(?:import|export)(?!\s+type\b)[^;'"]*?\sfrom\s+['"]([^'"]+)['"]/gm,
  /^import\s+['"]([^'"]+)['"]/gm,
  /\bimport\(\s*['"]([^'"]+)['"]/g,
];

function importsOf(file: string): string[] {
  const text = readFileSync(`${PROJECT}${file}`, 'utf8');
  return IMPORTS.flatMap((pattern) => [...text.matchAll(pattern)].map(([, target = '']) => target));
}

export interface Needed {
  /** Files of the checkout, relative to it. */
  readonly files: ReadonlySet<string>;
  /** Packages, each with one file that imports it. */
  readonly packages: ReadonlyMap<string, string>;
}

/** All that the programs import, and what that imports. @throws Error for an import of a file that does not exist. */
export function neededBy(entries: readonly string[]): Needed {
  const files = new Set<string>();
  const packages = new Map<string, string>();
  const open = [...entries];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (files.has(file)) continue;
    if (!existsSync(`${PROJECT}${file}`)) throw new Error(`${file} is imported and does not exist`);
    files.add(file);
    if (!/\.(ts|tsx|mjs)$/.test(file)) continue;
    for (const target of importsOf(file)) {
      if (target.startsWith('.')) open.push(normalize(join(dirname(file), target)));
      else if (!target.startsWith('node:')) packages.set(packageOf(target), file);
    }
  }
  return { files, packages };
}

const packageOf = (target: string): string =>
  target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');
