import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PROJECT } from '../support/reads/compose-file.ts';
import { BUILDING_STAGE, BUILT, copiedPaths, dockerfile, neededBy, programs } from '../support/reads/image-files.ts';

const packageJson = (folder: string): { dependencies: Record<string, string> } =>
  JSON.parse(readFileSync(`${PROJECT}${folder}package.json`, 'utf8'));

test('the image holds every file that its programs import', () => {
  const entries = programs();
  expect(entries).toEqual(expect.arrayContaining(['db/commands/migrate.ts', 'cli/holdfast.mjs', ...BUILT]));
  const { files } = neededBy(entries);
  expect(files.size).toBeGreaterThan(300);
  const copied = copiedPaths();
  const missing = [...files].filter((file) => !copied.some((path) => file === path || file.startsWith(`${path}/`)));
  expect(missing).toEqual([]);
});

test('the stage that builds the API and the worker holds every file that they and the build import', () => {
  const copied = copiedPaths(BUILDING_STAGE);
  const missing = [...neededBy([...BUILT, 'dev/build/main.ts']).files].filter(
    (file) => !copied.some((path) => file.startsWith(`${path}/`)),
  );
  expect(missing).toEqual([]);
});

test('the image holds every package that they import: none is for development only', () => {
  const own = Object.keys(packageJson('').dependencies);
  const ofClient = Object.keys(packageJson('client/').dependencies);
  const { packages } = neededBy([...programs(), 'dev/build/main.ts']);
  expect(packages.size).toBeGreaterThan(10);
  for (const [name, importer] of packages)
    expect([importer, importer.startsWith('client/') ? ofClient : own]).toEqual([
      importer,
      expect.arrayContaining([name]),
    ]);
});

test('.dockerignore lets through what the Dockerfile copies, and nothing else', () => {
  const lines = readFileSync(`${PROJECT}.dockerignore`, 'utf8').split('\n');
  const passed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  expect(lines.filter((line) => line !== '' && !line.startsWith('#'))[0]).toBe('*');
  expect(new Set(passed)).toEqual(new Set([...copiedPaths(), ...copiedPaths(BUILDING_STAGE), 'package-lock.json']));
});

test('the image is built on a pinned Node.js, installs no package for development, and does not run as root', () => {
  expect(dockerfile()).toMatch(/^ARG NODE_IMAGE=node:24\.\d+\.\d+-bookworm-slim@sha256:[0-9a-f]{64}$/m);
  expect(dockerfile()).toMatch(/npm ci --omit=dev --ignore-scripts/);
  expect(dockerfile().trimEnd().split('\n').slice(-3)[0]).toBe('USER node');
});
