/**
 * `npm run complete-lock`: adds optional packages of other platforms to package-lock.json. Run it after a change of dependencies.
 * A registry mirror may leave those packages out when the lock is written, and `npm ci` then refuses the lock.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const FILE = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(FILE, 'utf8')) as { packages: Record<string, LockedPackage> };

const OS = /darwin|win32|linux|android|freebsd|netbsd|openbsd|sunos|aix|openharmony/;
const CPU = /arm64|x64|ia32|ppc64|s390x|riscv64|loong64|mips64el|arm/;

let added = 0;
for (const [path, { dev, optionalDependencies }] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(optionalDependencies ?? {})) {
    if ([`${path}/node_modules/${name}`, `node_modules/${name}`].some((place) => lock.packages[place])) continue;
    const platform = (name.split('/').at(-1) ?? '').replace('windows', 'win32');
    const os = OS.exec(platform)?.[0];
    const cpu = CPU.exec(platform)?.[0];
    lock.packages[`node_modules/${name}`] = {
      version: range.replace(/^[\^~]/, ''),
      ...(cpu === undefined ? {} : { cpu: [cpu] }),
      ...(dev === true ? { dev } : {}),
      ...(platform.includes('musl') ? { libc: ['musl'] } : {}),
      optional: true,
      ...(os === undefined ? {} : { os: [os] }),
    } as LockedPackage;
    added += 1;
  }
}
const packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(FILE, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
console.log(`added ${added} packages of other platforms`);
