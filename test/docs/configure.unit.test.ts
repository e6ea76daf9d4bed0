import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withTables } from '../../dev/settings/page.ts';
import { settingsOf } from '../../dev/settings/sections.ts';
import { composeText, readCompose, variablesOf } from '../support/reads/compose-file.ts';

const compose = readCompose();
const example = readFileSync('.env.example', 'utf8');

/** The names at the line starts of .env.example, in comments too. */
const inExample = [...example.matchAll(/^(?:# )?([A-Z][A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => ({
  name,
  value,
}));

const inCompose = variablesOf(composeText());

const inComposeBy = (wanted: string): string | undefined => inCompose.find(({ name }) => name === wanted)?.fallback;

/** The environment of a service, as names and texts. */
const environmentOf = (service: string): Map<string, string> =>
  new Map(Object.entries(compose.services[service]?.environment ?? {}));

/** Settings that an operator of docker-compose.yml does not need, and why. */
const NOT_IN_COMPOSE: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'DATABASE_CA',
      'DATABASE_CERT',
      'DATABASE_KEY',
      'TEMPORAL_TLS',
      'TEMPORAL_TLS_CA',
      'TEMPORAL_TLS_SERVER_NAME',
      'TEMPORAL_TLS_CERT',
      'TEMPORAL_TLS_KEY',
      'TEMPORAL_API_KEY',
    ].map((name) => [name, 'the engines are containers on inner networks']),
  ),
  MIGRATE: 'the service `migrate` does it',
};

/** Defaults that differ because docker-compose.yml knows more than the code, and why. */
const OTHER_DEFAULTS: Readonly<Record<string, string>> = { TRUSTED_PROXIES: 'one proxy stands in front of the API' };

describe('docs/configure.md', () => {
  it('has the settings that the code reads; `npm run settings` writes them', () => {
    const page = readFileSync('docs/configure.md', 'utf8');
    expect(withTables(page)).toBe(page);
  });

  it('has all of them: no process takes a variable past its schema', () => {
    const files = ['api', 'activities', 'workflows', 'domain', 'db', 'net'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => `${folder}/${name}`),
    );
    expect(files.length).toBeGreaterThan(200);
    expect(files.filter((file) => /process\.env\s*[.[?]/.test(readFileSync(file, 'utf8')))).toEqual([]);
  });
});

describe('.env.example', () => {
  it('has every variable of docker-compose.yml, and no other', () => {
    const names = inExample.map(({ name }) => name);
    expect(names.sort()).toEqual([...new Set(inCompose.map(({ name }) => name))].sort());
  });

  it('gives no value for a secret, and for the others the default', () => {
    const settings = [...settingsOf('api'), ...settingsOf('worker'), ...settingsOf('migrate')];
    for (const { name, value } of inExample) {
      const setting = settings.find((one) => one.name === name);
      if (name.endsWith('PASSWORD') || (setting?.isSecret && setting.isRequired))
        expect([name, value]).toEqual([name, '']);
      const usual = OTHER_DEFAULTS[name] === undefined ? setting?.fallback : inComposeBy(name);
      if (usual !== undefined && value !== '') expect([name, value]).toEqual([name, usual]);
    }
  });
});

describe.each([
  ['api', 'api-1'],
  ['worker', 'worker-1'],
  ['migrate', 'migrate'],
] as const)('%s in docker-compose.yml', (service, name) => {
  const environment = environmentOf(name);
  const settings = settingsOf(service);

  it('gets settings that it reads', () => {
    expect(environment.size).toBeGreaterThan(2);
    // API and worker share one block: a variable may be meant for the other.
    const known = new Set([...settings, ...settingsOf('api')].map(({ name }) => name));
    expect([...environment.keys()].filter((name) => !known.has(name))).toEqual([]);
  });

  it('gets every setting that an operator needs', () => {
    const missing = settings.map(({ name }) => name).filter((name) => !environment.has(name));
    expect(missing.filter((name) => NOT_IN_COMPOSE[name] === undefined)).toEqual([]);
    expect(Object.keys(NOT_IN_COMPOSE).filter((name) => environment.has(name))).toEqual([]);
  });

  it('has the defaults of the code', () => {
    for (const { name, fallback } of settings) {
      const [{ fallback: given } = {}] = variablesOf(environment.get(name) ?? '');
      if (given && OTHER_DEFAULTS[name] === undefined) expect([name, given]).toEqual([name, fallback]);
    }
  });
});
