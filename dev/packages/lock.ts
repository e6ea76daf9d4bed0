import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The checkout, with a slash at its end. */
export const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

interface LockedPackage {
  readonly version?: string;
  /** Only development needs it. */
  readonly dev?: boolean;
  readonly optional?: boolean;
  /** A workspace of this repository. */
  readonly link?: boolean;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** What package-lock.json says, by path in the checkout; '' is Holdfast itself. */
export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export const readLock = (): Lock => JSON.parse(readFileSync(`${PROJECT}package-lock.json`, 'utf8'));

/** The lock as it would be without packages for development. */
export function productionLock(lock: Lock): Lock {
  const kept = Object.entries(lock.packages)
    .filter(([, { dev }]) => dev !== true)
    .map(([path, { devDependencies: _, ...rest }]) => [path, rest] as const);
  return { ...lock, packages: Object.fromEntries(kept) };
}

/** A package that production needs. */
export interface ProductionPackage {
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** Such as the native part for another platform: it may not be installed. */
  readonly isOptional: boolean;
}

export const productionPackages = (lock: Lock): ProductionPackage[] =>
  Object.entries(productionLock(lock).packages).flatMap(([path, { version, optional = false, link }]) => {
    const name = path.split('node_modules/').at(-1) ?? '';
    if (!path.includes('node_modules/') || link === true || version === undefined) return [];
    return [{ path, name, version, isOptional: optional }];
  });
