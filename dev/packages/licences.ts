import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Lock, PROJECT, productionPackages } from './lock.ts';

/** Licences that ask for no more than their text and the names of the authors, by their SPDX names. */
const ALLOWED: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  // caniuse-lite: a table that a bundler reads while it builds the workflows.
  'CC-BY-4.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
];

/** Packages whose package.json names their licence wrongly or not at all, and what their licence file says. */
const READ_BY_HAND: Readonly<Record<string, string>> = {
  'htmx.org': '0BSD',
  unionfs: 'Unlicense',
};

/** Whether an SPDX expression can be met by allowed licences alone. An expression with a part that is not known cannot. */
export function isAllowed(expression: string): boolean {
  const alternatives = expression.replace(/^\((.*)\)$/, '$1').split(' OR ');
  return alternatives.some((one) => one.split(' AND ').every((name) => ALLOWED.includes(name)));
}

/** The licence in a package.json; undefined when it names none. */
function licenceIn(folder: string): string | undefined {
  const { license }: { license?: unknown } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return typeof license === 'string' ? license : undefined;
}

/** A line for each installed package of production whose licence is not allowed, or that is missing. */
export function wrongLicences(lock: Lock, project = PROJECT): string[] {
  return productionPackages(lock).flatMap(({ path, name, version, isOptional }) => {
    const folder = join(project, path);
    if (!existsSync(folder)) return isOptional ? [] : [`${name}@${version} is not installed: run npm ci`];
    const licence = READ_BY_HAND[name] ?? licenceIn(folder) ?? 'no licence';
    return isAllowed(licence) ? [] : [`${name}@${version}: ${licence}`];
  });
}
